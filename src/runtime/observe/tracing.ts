import { describeThrown, guard, type Logger } from './logger.ts'
import type { Redact } from './redact.ts'
import { redactDeep } from './redact-deep.ts'

/** Values that a span may carry. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** The part of an OpenTelemetry span that is used. */
export interface Span {
  setAttribute(name: string, value: string | number | boolean): unknown
  addEvent(name: string, attributes?: SpanAttributes): unknown
  recordException(error: Error): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

/** The part of an OpenTelemetry tracer that is used: a real one fits as it is, and nothing has to be installed. */
export interface Tracer {
  startActiveSpan<T>(
    name: string,
    options: { kind?: number; attributes?: SpanAttributes },
    work: (span: Span) => T,
  ): T
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const client = 2
const failed = 2

/** What is known of a call before it is sent. */
export interface TracedCall {
  /** Method and path template: the name of the span. */
  readonly operation: string
  readonly url: string
}

/** What the end of a call tells its span. */
interface CallEnd {
  readonly status?: number | undefined
  readonly attempts?: readonly unknown[] | undefined
}

/**
 * Runs a call within a span, by OpenTelemetry's names for HTTP clients. The URL is that of the template: ids and query
 * strings stay out of traces. A tracer that throws is logged once for each call, and never ends it.
 *
 * @param redactText redacts what an error tells the span
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
  const safely = (tell: () => unknown): void => {
    guard(tell, (error) => {
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
  safely(() => tracer.startActiveSpan(operation, { kind: client, attributes }, run))
  return call ?? run(undefined)
}

async function traced<T extends CallEnd>(
  span: Span | undefined,
  work: () => Promise<T>,
  redactText: Redact,
  safely: (tell: () => unknown) => void,
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
    // Errors of others, such as of a middleware, may hold the key.
    const safe = redactDeep(error, redactText)
    const { name, message, ...rest } = Object(safe) as Partial<Error> & CallEnd
    const facts: CallEnd = { status: rest.status, attempts: rest.attempts }
    safely(() => span?.setAttribute('error.type', String(facts.status ?? name)))
    end(facts)
    if (safe instanceof Error) safely(() => span?.recordException(safe))
    safely(() => span?.setStatus({ code: failed, message: String(message) }))
    throw error
  } finally {
    safely(() => span?.end())
  }
}
