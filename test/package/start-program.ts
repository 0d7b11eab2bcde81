import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A server that a program started. */
export interface Started extends AsyncDisposable {
  /** The first address that it printed. */
  readonly url: string
  /** All that it printed so far. */
  readonly printed: () => string
}

/** Milliseconds until a program has to tell its address. */
const longest = 30_000

/** Starts a program that prints an address on which it listens; disposing ends it. */
export async function startProgram(
  [binary, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Started> {
  const child = spawn(binary, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let printed = ''
  const url = new Promise<string>((tell, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        const [address] = /http:\/\/[\w.:/-]+(?=\s)/.exec(printed) ?? []
        if (address !== undefined) tell(address)
      })
    }
    ended.then(([code]) => fail(new Error(`It ended with ${code}: ${printed}`)), fail)
    AbortSignal.timeout(longest).addEventListener('abort', () => fail(new Error(`No address: ${printed}`)))
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
