import { build } from 'esbuild'
import type { Project } from '../../package/project.ts'
import { bundleSuite, type Names } from './program.ts'
import type { Target } from './suite.ts'

/** Modules by name, the entry first. */
export type Modules = ReadonlyMap<string, string>

/** Writes the modules of a worker for an account. */
export type WriteWorker = (project: Project, target: Target) => Promise<Modules>

/** A worker in one file that responds with a line for each check. */
export const bundledWorker: WriteWorker = async (project, target) => {
  await project.write('suite.mjs', await bundleSuite('esm'))
  const { outputFiles } = await build({
    stdin: {
      contents: suiteEntry({ typehog: 'typehog', api: 'typehog/api' }, target),
      resolveDir: project.folder,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
  })
  return new Map([['worker.js', outputFiles.map(({ text }) => text).join('')]])
}

/** The same worker with the package's own files as modules. */
export const splitWorker: WriteWorker = async (project, target) =>
  new Map([
    ['worker.js', suiteEntry({ typehog: './index.js', api: './api.js' }, target)],
    ['suite.mjs', await bundleSuite('esm')],
    ...(await packageFiles(project, ['index.js', 'api.js'])),
  ])

/** A worker with one client for all requests. It responds to each request with its own number. */
export const sharingWorker: WriteWorker = async (project, { host, apiKey, projectId }) => {
  const entry = `import { createClient } from './index.js'
const posthog = createClient(${JSON.stringify({ host, apiKey, projectId })})
export default {
  async fetch({ url }) {
    const { rows } = await posthog.hogql\`select \${Number(new URL(url).pathname.slice(1))} as n\`
    return new Response(String(rows[0].n))
  },
}
`
  return new Map([['worker.js', entry], ...(await packageFiles(project, ['index.js']))])
}

/** Files of the package with all files that they import. */
async function packageFiles(project: Project, names: readonly string[]): Promise<Modules> {
  const queue = [...names]
  const files = new Map<string, string>()
  for (const file of queue) {
    const text = await project.read(`dist/${file}`)
    files.set(file, text)
    for (const [, name = ''] of text.matchAll(/['"]\.\/([\w-]+\.js)['"]/g)) {
      if (!queue.includes(name)) queue.push(name)
    }
  }
  return files
}

const suiteEntry = ({ typehog, api }: Names, target: Target): string => `import * as typehog from '${typehog}'
import * as api from '${api}'
import { smoke } from './suite.mjs'
export default {
  async fetch() {
    const lines = await smoke({ typehog, api }, ${JSON.stringify(target)})
    return Response.json({ lines, node: typeof globalThis.process !== 'undefined' })
  },
}
`
