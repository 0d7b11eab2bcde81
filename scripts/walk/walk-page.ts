import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readSteps } from './read-steps.ts'
import { openTerminal } from './terminal.ts'

/** A way to the first row: some sections of a page. */
export interface Walk {
  readonly name: string
  readonly page: string
  readonly sections: readonly string[]
  /** Commands that the page takes for granted, such as the creation of an app. */
  readonly before?: string
  /** A printed row. */
  readonly row: RegExp
  /** Folders with the runtimes that the reader has already. */
  readonly path?: readonly string[]
}

/** What the reader has: an account, and a registry with the package. */
export interface Reader {
  readonly account: { readonly url: string; readonly apiKey: string; readonly projectId: string }
  readonly registry: string
  /** Called with each step and its output. */
  readonly onOutput: (text: string) => void
}

/**
 * Follows a page word by word in an empty folder, with an empty home folder and empty caches.
 *
 * @returns milliseconds until the first row was printed
 * @throws Error when a command fails or no row is printed
 */
export async function walkPage(walk: Walk, reader: Reader): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'typehog-walk-'))
  try {
    return await walkIn(home, walk, reader)
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function walkIn(home: string, walk: Walk, { account, registry, onOutput }: Reader): Promise<number> {
  const folder = join(home, 'my-app')
  await mkdir(folder)
  // Values that the page leaves to its reader.
  const fillIn = (text: string): string =>
    text
      .replaceAll('phx_…', account.apiKey)
      .replaceAll(/\b12345\b/g, account.projectId)
      .replaceAll('https://us.posthog.com', account.url)
      .replaceAll('us.posthog.com', new URL(account.url).host)
  const started = performance.now()
  let printed = ''
  let firstRow: number | undefined
  await using terminal = openTerminal({
    folder,
    env: {
      ...inherited(),
      HOME: home,
      PATH: [...(walk.path ?? []), ...ownPath()].join(':'),
      // The README names no host: its reader is on PostHog's US cloud.
      POSTHOG_HOST: account.url,
      NPM_CONFIG_REGISTRY: registry,
      NPM_CONFIG_UPDATE_NOTIFIER: 'false',
      NEXT_TELEMETRY_DISABLED: '1',
      WRANGLER_SEND_METRICS: 'false',
      // Certificates as for the other programs.
      DENO_TLS_CA_STORE: 'system',
      NO_COLOR: '1',
    },
    onOutput: (text) => {
      printed += text
      if (walk.row.test(printed)) firstRow ??= performance.now() - started
      onOutput(text)
    },
  })
  if (walk.before !== undefined) await terminal.run(walk.before)
  for (const step of readSteps(await readFile(walk.page, 'utf8'), walk.sections)) {
    if (step.kind === 'write') {
      onOutput(`[writes ${step.file}]\n`)
      const file = join(terminal.folder(), step.file)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, fillIn(step.text))
      continue
    }
    const script = fillIn(step.script)
    onOutput(script.replace(/^(?=.)/gm, '$ '))
    printed = ''
    await (step.keepsRunning ? terminal.start(script) : terminal.run(script))
  }
  if (firstRow === undefined) throw new Error(`${walk.page} printed no row:\n${printed}`)
  return firstRow
}

/** Variables of this machine, such as its certificates. Without accounts, and what npm sets for its scripts. */
function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(?:npm_|POSTHOG_|XDG_|CI$)/i.test(name))
  return Object.fromEntries(entries.map(([name, value = '']) => [name, value]))
}

/** The reader's `PATH`: without the programs that npm adds for its scripts. */
const ownPath = (): string[] =>
  (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
