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
