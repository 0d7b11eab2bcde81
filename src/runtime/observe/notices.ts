import type { Logger } from './logger.ts'

/** Places and notices that are remembered; beyond that, nothing new is told. */
const most = 1_000

/** Notices that were told, by their place in the caller's code. */
export type NoticeLog = Set<string>

/** Tells a notice to the log, once for each place in the caller's code. `trace` leads to where the call is awaited. */
export function logNotice(text: string, trace: Error, log: Logger, told: NoticeLog): void {
  const place = callSite(trace)
  const key = `${text} ${place}`
  if (told.has(key) || told.size >= most) return
  told.add(key)
  log.warn(text, { place })
}

/** Frames of the runtime itself, such as `at process.processTicksAndRejections (node:internal/…)`. */
const builtin = /[( ](?:node|ext|native|bun):/

/** The first place of a trace that is not in the package itself: a line such as `at report (/app/report.ts:12:3)`. */
function callSite(trace: Error): string | undefined {
  const [first, ...frames] = trace.stack?.split('\n').slice(1) ?? []
  const own = /(?:\(|at (?:async )?)([^( ]*[\\/])[^\\/]+$/.exec(first ?? '')?.[1]
  return frames.find((frame) => !builtin.test(frame) && (own === undefined || !frame.includes(own)))?.trim()
}
