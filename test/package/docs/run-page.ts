import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createSampleEndpoints } from '../../../src/cli/dev/sample-endpoints.ts'
import { createClient } from '../../../src/index.ts'
import { startLocalPostHog } from '../../../src/testing.ts'
import { environmentOf, toJavaScript } from '../programs.ts'
import type { Project } from '../project.ts'
import type { Page } from './pages.ts'
import { shownQuery } from './shown-query.ts'
import { programOf } from './snippets.ts'

const separator = '\u241e\n'
/** The time of the last event. The same time gives the same sample. */
const end = new Date('2026-04-01T00:00:00Z')

/** Pages whose results depend on today's date. */
const ofToday = ['docs/jobs/dashboards-and-insights.md']

/** Runs the snippets of a page in order, in one account. Returns the output of each. */
export async function runPage(project: Project, { file, folder, text, snippets }: Page): Promise<string[]> {
  await using local = await startLocalPostHog({
    events: 2_000,
    projects: [2],
    ...(ofToday.includes(file) ? {} : { now: () => end }),
  })
  const env = environmentOf(local, (await local.listen()).url)
  await mkdir(join(project.folder, folder), { recursive: true })
  if (text.includes('./posthog.endpoints.js')) await pull(project, folder, env)
  if (text.includes('./posthog.queries.js')) await pullQueries(project, folder, text, env)
  const names: string[] = []
  for (const [index, snippet] of snippets.entries()) {
    if (snippet.compiledOnly) continue
    names.push(`./snippet-${index + 1}.js`)
    await project.write(`${folder}/snippet-${index + 1}.js`, toJavaScript(programOf(snippet.code)))
  }
  const runner = `process.chdir(import.meta.dirname)
    for (const name of ${JSON.stringify(names)}) {
      await import(name)
      process.stdout.write(${JSON.stringify(separator)})
    }`
  const printed = (await project.node(`${folder}/run.js`, runner, env)).split(separator)
  return snippets.map(({ compiledOnly }) => (compiledOnly ? '' : (printed.shift() ?? '')))
}

/** Pulls the query file that the page shows with the package's own command. */
async function pullQueries(
  project: Project,
  folder: string,
  text: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await project.write(`${folder}/queries/top-pages.sql`, shownQuery(text))
  await runCli(project, folder, ['queries', 'pull', '--force'], env)
  const module = await readFile(join(project.folder, folder, 'posthog.queries.ts'), 'utf8')
  await project.write(`${folder}/posthog.queries.js`, toJavaScript(module))
}

/** Pulls the endpoints of the page with the package's own command. */
async function pull(project: Project, folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  const { POSTHOG_HOST: host = '', POSTHOG_PERSONAL_API_KEY: apiKey = '' } = env
  await createSampleEndpoints(createClient({ apiKey, host, projectId: 1 }))
  await runCli(project, folder, ['endpoints', 'pull', '--force'], env)
  const module = await readFile(join(project.folder, folder, 'posthog.endpoints.ts'), 'utf8')
  await project.write(`${folder}/posthog.endpoints.js`, toJavaScript(module))
}

async function runCli(
  project: Project,
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const cli = join(project.folder, 'node_modules/typehog/dist/cli.js')
  await promisify(execFile)(process.execPath, [cli, ...args], { cwd: join(project.folder, folder), env })
}
