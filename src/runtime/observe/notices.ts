import type { Logger } from './logger.ts'

/** Places and notices that are remembered; beyond that, nothing new is told. */
const most = 1_000

/** Tells a notice once for each place in the caller's code. `trace` was made where the call came in. */
export type Notice = (text: string, trace: Error) => void

/** Notices that go to the log. */
export function createNotice(log: Logger): Notice {
  const told = new Set<string>()
  return (text, trace) => {
    const place = placeOf(trace)
    const key = `${text} ${place}`
    if (told.has(key) || told.size >= most) return
    told.add(key)
    log.warn(text, { place })
  }
}

/** What PostHog says about a route's future, in the headers of an answer; undefined when it says nothing. */
export function noticeIn(operation: string, headers: Headers): string | undefined {
  const warning = headers.get('x-posthog-warn')
  if (warning !== null) return `${operation}: PostHog warns: ${warning}`
  const sunset = headers.get('sunset')
  if (sunset === null && headers.get('deprecation') === null) return undefined
  return `${operation} is deprecated${sunset === null ? '' : ` and ends on ${sunset}`}.`
}

/** The first place of a trace that is not in the package itself: a line such as `at report (/app/report.ts:12:3)`. */
function placeOf(trace: Error): string | undefined {
  const [, ...frames] = trace.stack?.split('\n') ?? []
  const own = /(?:\(|at )(.*[\\/])[^\\/]+$/.exec(frames[0] ?? '')?.[1]
  return (frames.find((frame) => own === undefined || !frame.includes(own)) ?? frames.at(-1))?.trim()
}
