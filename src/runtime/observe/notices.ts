import { callHook, type Hooks, type Notice } from './hooks.ts'
import type { Logger } from './logger.ts'
import type { Redact } from './redact.ts'

/** The reaction to a deprecated operation. `ignore` writes no log line; `onNotice` still gets the notice. */
export type DeprecationMode = 'log' | 'throw' | 'ignore'

/** What is known about the deprecation of an operation before a call. */
export interface Deprecation {
  /** The operation or path to use instead. */
  readonly replacement?: string | undefined
  /** The day on which the operation ends, as PostHog writes it. */
  readonly sunset?: string | undefined
}

/** A notice without its call site. */
export type CallNotice = Omit<Notice, 'callSite'>

/** The configuration of a client that concerns notices. */
export interface NoticeConfig {
  readonly log: Logger
  readonly hooks: Pick<Hooks, 'onNotice'>
  readonly deprecations: DeprecationMode
}

/** Logs a notice and passes it to the user's hook. The stack of `trace` has the call site. */
export type ReportNotice = (notice: CallNotice, trace: Error) => void

/** Maximum notices per client. Later ones are dropped. */
const maxNotices = 1_000

/** Creates a function that reports a notice once per message and call site. */
export function createNoticeReporter(
  { log, hooks, deprecations }: NoticeConfig,
  redactText: Redact,
): ReportNotice {
  const reported = new Set<string>()
  return (notice, trace) => {
    const place = callSite(trace)
    const key = `${notice.message} ${place}`
    if (reported.has(key) || reported.size >= maxNotices) return
    reported.add(key)
    if (notice.kind === 'warning' || deprecations === 'log') log.warn(notice.message, { place })
    if (hooks.onNotice === undefined) return
    const safe = (text: string | undefined): string | undefined =>
      text === undefined ? undefined : redactText(text)
    callHook(log, 'onNotice', hooks.onNotice, {
      ...notice,
      message: redactText(notice.message),
      replacement: safe(notice.replacement),
      sunset: safe(notice.sunset),
      requestId: safe(notice.requestId),
      callSite: place,
    })
  }
}

/** The notice about an operation that PostHog's schema marks as deprecated. */
export function schemaNotice(operation: string, { replacement, sunset }: Deprecation): CallNotice {
  return {
    kind: 'deprecation',
    message: `${operation} is deprecated${sunset === undefined ? ' by PostHog' : ` and ends on ${sunset}`}.`,
    operation,
    header: undefined,
    replacement,
    sunset,
    requestId: undefined,
  }
}

/** The notices about a call: what was known before, and what the headers of its response add. */
export function readNotices(
  operation: string,
  known: CallNotice | undefined,
  headers: Headers,
  requestId: string | undefined,
): readonly CallNotice[] {
  const parsed = parseNotices(operation, headers, requestId)
  if (known === undefined) return parsed
  const { sunset, replacement } = parsed.find(({ kind }) => kind === 'deprecation') ?? {}
  return [
    {
      ...known,
      sunset: sunset ?? known.sunset,
      replacement: known.replacement ?? replacement,
      requestId,
    },
    ...parsed.filter(({ kind }) => kind === 'warning'),
  ]
}

/** Parses the warnings and the deprecation in the headers of a response. */
function parseNotices(operation: string, headers: Headers, requestId: string | undefined): CallNotice[] {
  const base = { operation, replacement: undefined, sunset: undefined, requestId }
  const notices: CallNotice[] = []
  const own = headers.get('x-posthog-warn')
  if (own !== null) {
    const message = `${operation}: PostHog warns: ${own}`
    notices.push({ ...base, kind: 'warning', message, header: 'x-posthog-warn' })
  }
  for (const text of parseWarnings(headers.get('warning') ?? '')) {
    const message = `${operation}: the server warns: ${text}`
    notices.push({ ...base, kind: 'warning', message, header: 'warning' })
  }
  const sunset = headers.get('sunset') ?? undefined
  const header = headers.get('deprecation') !== null ? 'deprecation' : 'sunset'
  if (header === 'deprecation' || sunset !== undefined) {
    const replacement = parseSuccessor(headers.get('link') ?? '')
    const ends = sunset === undefined ? '' : ` and ends on ${sunset}`
    const message = `${operation} is deprecated${ends}.`
    notices.push({ ...base, kind: 'deprecation', message, header, replacement, sunset })
  }
  return notices
}

/** The texts of a `Warning` header with code 299, "Miscellaneous Persistent Warning" (RFC 7234, 5.5.7). */
function parseWarnings(header: string): string[] {
  const found = header.matchAll(/(?:^|,)\s*299\s+\S+\s+"((?:[^"\\]|\\.)*)"/g)
  return [...found].map(([, text = '']) => text.replace(/\\(.)/g, '$1'))
}

/** The target of a `Link` header with the relation `successor-version` (RFC 5829). */
function parseSuccessor(header: string): string | undefined {
  return /<([^>]*)>[^,<]*;\s*rel="?successor-version\b/i.exec(header)?.[1]
}

/** Frames of the runtime itself, such as `at process.processTicksAndRejections (node:internal/…)`. */
const builtin = /[( ](?:node|ext|native|bun):/

/** The first stack frame outside of this package, such as `at report (/app/report.ts:12:3)`. */
function callSite(trace: Error): string | undefined {
  const [first, ...frames] = trace.stack?.split('\n').slice(1) ?? []
  const own = /(?:\(|at (?:async )?)([^( ]*[\\/])[^\\/]+$/.exec(first ?? '')?.[1]
  return frames.find((frame) => !builtin.test(frame) && (own === undefined || !frame.includes(own)))?.trim()
}
