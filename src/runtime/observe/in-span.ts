import type { Span, Tracer } from './tracer.ts'

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const client = 2
const failed = 2

/** What is known of a call before it is sent. */
export interface TracedCall {
  /** Method and path template: the name of the span. */
  readonly operation: string
  readonly url: string
}

/**
 * Runs a call within a span, by OpenTelemetry's names for HTTP clients. The address is that of the template: ids and
 * query strings stay out of traces.
 */
export function inSpan<T extends { readonly status: number; readonly attempts: readonly unknown[] }>(
  tracer: Tracer,
  { operation, url }: TracedCall,
  work: () => Promise<T>,
): Promise<T> {
  const [method = '', template = ''] = operation.split(' ')
  const attributes = {
    'http.request.method': method,
    'url.template': template,
    'server.address': new URL(url).hostname,
  }
  return tracer.startActiveSpan(operation, { kind: client, attributes }, async (span) => {
    try {
      const result = await work()
      span.setAttribute('http.response.status_code', result.status)
      tellAttempts(span, result.attempts)
      return result
    } catch (error) {
      const { name, status, attempts, message } = error as Error & { status?: number; attempts?: unknown[] }
      span.setAttribute('error.type', status === undefined ? String(name) : String(status))
      if (status !== undefined) span.setAttribute('http.response.status_code', status)
      tellAttempts(span, attempts ?? [])
      if (error instanceof Error) span.recordException(error)
      span.setStatus({ code: failed, message: String(message) })
      throw error
    } finally {
      span.end()
    }
  })
}

function tellAttempts(span: Span, attempts: readonly unknown[]): void {
  if (attempts.length > 1) span.setAttribute('http.request.resend_count', attempts.length - 1)
}
