/** Header under which proxies and PostHog's ingress name a request. */
const requestIdHeader = 'x-request-id'
/** The request id of an answer, when there is one. */
export function requestIdOf(headers: Headers): string | undefined {
  return headers.get(requestIdHeader) ?? undefined
}
