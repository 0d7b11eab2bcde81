import type { Logger } from './logger.ts'

/** Maximum notices per client. Later ones are dropped. */
const maxNotices = 1_000

/** Logged notices, with their call sites. */
export type NoticeLog = Set<string>

/** Logs a notice once per call site. The stack of `trace` has the call site. */
export function logNotice(text: string, trace: Error, log: Logger, logged: NoticeLog): void {
  const place = callSite(trace)
  const key = `${text} ${place}`
  if (logged.has(key) || logged.size >= maxNotices) return
  logged.add(key)
  log.warn(text, { place })
}

/** Frames of the runtime itself, such as `at process.processTicksAndRejections (node:internal/…)`. */
const builtin = /[( ](?:node|ext|native|bun):/

/** The first stack frame outside of this package, such as `at report (/app/report.ts:12:3)`. */
function callSite(trace: Error): string | undefined {
  const [first, ...frames] = trace.stack?.split('\n').slice(1) ?? []
  const own = /(?:\(|at (?:async )?)([^( ]*[\\/])[^\\/]+$/.exec(first ?? '')?.[1]
  return frames.find((frame) => !builtin.test(frame) && (own === undefined || !frame.includes(own)))?.trim()
}
