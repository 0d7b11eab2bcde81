import { describeThrown, guard, type Logger } from './logger.ts'
import type { Redact } from './redact.ts'
import { redactDeep } from './redact-deep.ts'

/** Attributes of a span. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** The part of an OpenTelemetry span that Typehog uses. */
export interface Span {
  setAttribute(name: string, value: string | number | boolean): unknown
  addEvent(name: string, attributes?: SpanAttributes): unknown
  recordException(error: Error): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

/** The part of an OpenTelemetry tracer that Typehog uses. Needs no package of its own. */
export interface Tracer {
  startActiveSpan<T>(
    name: string,
    options: { kind?: number; attributes?: SpanAttributes },
    work: (span: Span) => T,
  ): T
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const clientKind = 2
const errorStatus = 2

/** A call before it is sent. */
export interface TracedCall {
  /** Method and path template: the name of the span. */
  readonly operation: string
  readonly url: string
}

/** Facts about the end of a call, for its span. */
interface CallEnd {
  readonly status?: number | undefined
  readonly attempts?: readonly unknown[] | undefined
}

/**
 * Runs a call in a span, with OpenTelemetry's attributes of HTTP clients. The span has the path template instead of the
 * URL, so traces contain no ids or query strings. A tracer that throws never fails the call; Typehog logs it once per
 * call.
 *
 * @param redactText redacts the error in the span
 */
export function inSpan<T extends CallEnd>(
  tracer: Tracer,
  { operation, url }: TracedCall,
  log: Pick<Logger, 'error'>,
  redactText: Redact,
  work: () => Promise<T>,
): Promise<T> {
  const [method = '', template = ''] = operation.split(' ')
  const attributes = {
    'http.request.method': method,
    'url.template': template,
    'server.address': new URL(url).hostname,
  }
  let isReported = false
  const safely = (work: () => unknown): void => {
    guard(work, (error) => {
      if (!isReported) log.error(`The tracer failed: ${describeThrown(error)}`)
      isReported = true
    })
  }
  let call: Promise<T> | undefined
  const run = (span: Span | undefined): Promise<T> => {
    // A tracer may call back more than once.
    call ??= traced(span, work, redactText, safely)
    return call
  }
  safely(() => tracer.startActiveSpan(operation, { kind: clientKind, attributes }, run))
  return call ?? run(undefined)
}

async function traced<T extends CallEnd>(
  span: Span | undefined,
  work: () => Promise<T>,
  redactText: Redact,
  safely: (work: () => unknown) => void,
): Promise<T> {
  const end = ({ status, attempts = [] }: CallEnd): void => {
    if (status !== undefined) safely(() => span?.setAttribute('http.response.status_code', status))
    const resent = attempts.length - 1
    if (resent > 0) safely(() => span?.setAttribute('http.request.resend_count', resent))
  }
  try {
    const result = await work()
    end(result)
    return result
  } catch (error) {
    // Errors of user code, such as a middleware, may contain the key.
    const safe = redactDeep(error, redactText)
    const { name, message, ...rest } = Object(safe) as Partial<Error> & CallEnd
    const facts: CallEnd = { status: rest.status, attempts: rest.attempts }
    safely(() => span?.setAttribute('error.type', String(facts.status ?? name)))
    end(facts)
    if (safe instanceof Error) safely(() => span?.recordException(safe))
    safely(() => span?.setStatus({ code: errorStatus, message: String(message) }))
    throw error
  } finally {
    safely(() => span?.end())
  }
}
