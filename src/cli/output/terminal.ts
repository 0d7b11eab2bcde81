import { keyVariables } from '../../runtime/config/env.ts'
import { redact } from '../../runtime/observe/redact.ts'
import { toJson } from '../../runtime/rows/write-rows.ts'
import type { CliIo } from '../cli-io.ts'
import { type Line, renderLine, wantsColor } from './style.ts'
import { visibleLines } from './visible.ts'
import { writeAll } from './write-all.ts'

/**
 * The only way to stdout and stderr. Lines show no secrets and no control characters, wherever their text is from.
 * Data goes to pipes and files as it is, and to a terminal without control characters.
 */
export interface Terminal {
  /** Writes lines to stdout. */
  out(...lines: readonly Line[]): void
  /** Writes lines to stderr. */
  err(...lines: readonly Line[]): void
  /** Writes text of several lines, such as help, to stdout or stderr. */
  text(target: 'stdout' | 'stderr', text: string): void
  /** Writes a report to stdout as JSON, without secrets. */
  json(value: unknown): void
  /** Writes rows or other data to stdout, and waits while their reader is behind. */
  data(text: string): Promise<void>
}

/** Shorter secrets are not redacted by value: they would hide ordinary words. */
const shortestSecret = 8

/** Keys in the environment. */
export function secretsIn(env: CliIo['env']): string[] {
  return keyVariables.flatMap((name) => env[name]?.trim() || [])
}

/** Binds output to a process. `secrets` may grow; `color` is the option of that name. */
export function createTerminal(io: CliIo, secrets: ReadonlySet<string>, color?: boolean): Terminal {
  const clean = (text: string): string => {
    let cleaned = text
    for (const secret of secrets) {
      if (secret.length >= shortestSecret) cleaned = cleaned.replaceAll(secret, '[redacted]')
    }
    return redact(cleaned)
  }
  const writer = (target: 'stdout' | 'stderr'): Terminal['out'] => {
    const colored = wantsColor(io.env, io.isTTY[target], color)
    return (...lines) => {
      if (lines.length === 0) return
      io[target].write(lines.map((line) => `${renderLine(line, colored, clean)}\n`).join(''))
    }
  }
  const forData = (text: string): string => (io.isTTY.stdout ? visibleLines(text) : text)
  return {
    out: writer('stdout'),
    err: writer('stderr'),
    text: (target, text) => void io[target].write(visibleLines(clean(text))),
    json: (value) => void io.stdout.write(forData(`${clean(toJson(value))}\n`)),
    data: (text) => writeAll(io.stdout, forData(text), io.signal),
  }
}
