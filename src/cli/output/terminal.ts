import { keyVariables } from '../../runtime/config/env.ts'
import { redact } from '../../runtime/observe/redact.ts'
import { toJson } from '../../runtime/rows/write-rows.ts'
import type { CliIo, Output } from '../cli-io.ts'
import { type Line, renderLine, shouldUseColor } from './style.ts'
import { escapeLines } from './text.ts'

/**
 * The only writer of stdout and stderr. Lines never contain secrets or control characters. Data goes to pipes and files
 * unchanged, and to a terminal with control characters escaped.
 */
export interface Terminal {
  /** Writes lines to stdout. */
  out(...lines: readonly Line[]): void
  /** Writes lines to stderr. */
  err(...lines: readonly Line[]): void
  /** Writes multi-line text, such as help, to stdout or stderr. */
  text(target: 'stdout' | 'stderr', text: string): void
  /** Writes a report to stdout as JSON, with secrets redacted. */
  json(value: unknown): void
  /** Writes rows or other data to stdout. Waits while the reader is slower. */
  data(text: string): Promise<void>
}

/** Characters. Redacting shorter secrets by value would hide ordinary words. */
const minSecretLength = 8

/** Returns the API keys in the environment. */
export function secretsFromEnv(env: CliIo['env']): string[] {
  return keyVariables.flatMap((name) => env[name]?.trim() || [])
}

/** Creates the terminal of a process. `secrets` may grow later; `color` is false with `--no-color`. */
export function createTerminal(io: CliIo, secrets: ReadonlySet<string>, color?: boolean): Terminal {
  const redactSecrets = (text: string): string => {
    let redacted = text
    for (const secret of secrets) {
      if (secret.length >= minSecretLength) redacted = redacted.replaceAll(secret, '[redacted]')
    }
    return redact(redacted)
  }
  const writer = (target: 'stdout' | 'stderr'): Terminal['out'] => {
    const colored = shouldUseColor(io.env, io.isTTY[target], color)
    return (...lines) => {
      if (lines.length === 0) return
      io[target].write(lines.map((line) => `${renderLine(line, colored, redactSecrets)}\n`).join(''))
    }
  }
  const escapeOnTerminal = (text: string): string => (io.isTTY.stdout ? escapeLines(text) : text)
  return {
    out: writer('stdout'),
    err: writer('stderr'),
    text: (target, text) => void io[target].write(escapeLines(redactSecrets(text))),
    json: (value) => void io.stdout.write(escapeOnTerminal(`${redactSecrets(toJson(value))}\n`)),
    data: (text) => writeAndDrain(io.stdout, escapeOnTerminal(text), io.signal),
  }
}

/** Writes text, then waits for `drain` when the reader is slower than the writer. */
export async function writeAndDrain(output: Output, text: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (text === '' || output.write(text) !== false || output.once === undefined) return
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    output.once?.('drain', () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
  })
}
