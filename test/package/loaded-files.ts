import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startLocalPostHog } from '../../src/testing.ts'
import type { Project } from './project.ts'
import type { Shipped } from './ship.ts'

/** Notes each file that Node loads from the folder beside it. */
const hooks = `import { appendFileSync } from 'node:fs'
export async function load(url, context, next) {
  if (url.startsWith(new URL('./out/', import.meta.url).href)) {
    appendFileSync(new URL('./loaded.txt', import.meta.url), url + '\\n')
  }
  return next(url, context)
}
`
const start = `import { register } from 'node:module'
register('./hooks.mjs', import.meta.url)
`

/**
 * Runs a shipped program against a local PostHog that has a feature flag `checkout`, and gives the files of it that
 * were loaded until it ended.
 */
export async function loadedFiles(
  project: Pick<Project, 'folder' | 'write' | 'node'>,
  name: string,
  shipped: Shipped,
): Promise<Set<string>> {
  for (const [file, text] of shipped.files) await project.write(`${name}/out/${file}`, text)
  await project.write(`${name}/hooks.mjs`, hooks)
  const imported = await project.write(`${name}/start.mjs`, start)
  await using local = await startLocalPostHog({ throttle: false, events: 100 })
  const { url } = await local.listen()
  const made = await fetch(`${url}/api/projects/${local.projectId}/feature_flags/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${local.personalApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ key: 'checkout' }),
  })
  if (!made.ok) throw new Error(`The flag was not made: ${await made.text()}`)
  const before = local.requests.length
  await project.node(`${name}/run.mjs`, `import './out/stdin.js'`, {
    NODE_OPTIONS: `--import ${pathToFileURL(imported).href}`,
    POSTHOG_HOST: url,
    POSTHOG_PROJECT_ID: String(local.projectId),
    POSTHOG_PERSONAL_API_KEY: local.personalApiKey,
  })
  if (local.requests.length === before) throw new Error('The program asked nothing of the local PostHog.')
  const loaded = await readFile(join(project.folder, name, 'loaded.txt'), 'utf8')
  return new Set(
    loaded
      .trim()
      .split('\n')
      .map((file) => basename(file)),
  )
}
