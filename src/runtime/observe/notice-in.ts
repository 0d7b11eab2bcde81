/** What PostHog says about a route's future, in the headers of an answer; undefined when it says nothing. */
export function noticeIn(operation: string, headers: Headers): string | undefined {
  const warning = headers.get('x-posthog-warn')
  if (warning !== null) return `${operation}: PostHog warns: ${warning}`
  const sunset = headers.get('sunset')
  if (sunset === null && headers.get('deprecation') === null) return undefined
  return `${operation} is deprecated${sunset === null ? '' : ` and ends on ${sunset}`}.`
}
