/** What an answer other than 2xx says, whichever of PostHog's forms it has. Empty when it is not PostHog's JSON. */
export interface ErrorBody {
  readonly type?: string | undefined
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly attr?: string | undefined
  /** `extra` of the standard form, or the further keys of the other forms. */
  readonly extra?: unknown
}

/**
 * Reads the standard form `{type, code, detail, attr, extra}`, the bare forms `{error, …}` and `{detail}`, and a
 * failed async query `{query_status: {error: true, error_message}}`.
 */
export function readErrorBody(text: string): ErrorBody {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return {}
  }
  if (typeof body !== 'object' || body === null) return {}
  const { type, code, detail, attr, extra, error, query_status, ...rest } = body as Record<string, unknown>
  if (typeof query_status === 'object' && query_status !== null) {
    const { error_message } = query_status as { error_message?: unknown }
    return { type: 'query_status', detail: asText(error_message) ?? 'The query failed.' }
  }
  return {
    type: asText(type),
    code: asText(code),
    detail: asText(detail) ?? asText(error),
    attr: asText(attr),
    extra: extra ?? (type === undefined && Object.keys(rest).length > 0 ? rest : undefined),
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
