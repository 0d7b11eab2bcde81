import { spawn } from 'node:child_process'
import { once } from 'node:events'
import ts from 'typescript'
import type { LocalPostHog } from '../../src/testing.ts'

/** The environment in which a program finds a local PostHog. */
export function environmentOf(local: LocalPostHog, url: string): Readonly<Record<string, string>> {
  return {
    POSTHOG_HOST: url,
    POSTHOG_PROJECT_ID: String(local.projectId),
    POSTHOG_PERSONAL_API_KEY: local.personalApiKey,
  }
}

/** Translates a TypeScript module to JavaScript. */
export function toJavaScript(text: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  return ts.transpileModule(text, { compilerOptions }).outputText
}

/** A running program that serves HTTP. */
export interface RunningServer extends AsyncDisposable {
  /** The first URL that the program printed. */
  readonly url: string
  /** The output so far. */
  readonly printed: () => string
}

/** Milliseconds within which a program has to print its URL. */
const startTimeout = 30_000

/** Starts a program that prints the URL on which it listens. Disposing kills the program. */
export async function startServer(
  [binary, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const child = spawn(binary, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let printed = ''
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        const [address] = /http:\/\/[\w.:/-]+(?=\s)/.exec(printed) ?? []
        if (address !== undefined) resolve(address)
      })
    }
    ended.then(([code]) => reject(new Error(`The program ended with ${code}: ${printed}`)), reject)
    AbortSignal.timeout(startTimeout).addEventListener('abort', () =>
      reject(new Error(`The program printed no URL: ${printed}`)),
    )
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  try {
    return { url: await url, printed: () => printed, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}
