/**
 * What to do about a refused request, by a line that sums it up: `status code attr: detail`, where what the answer
 * does not have is `-`. Asked from top to bottom; `$1` is what the parentheses found.
 */
const rules: readonly (readonly [symptom: RegExp, fix: string])[] = [
  [/^401 not_auth/, 'Look for a proxy that drops the Authorization header.'],
  [/^401 .*access token/i, 'Get a new access token, or let `apiKey` be a function that does.'],
  [/^401/, 'Check that the key still exists, and is of the `region` or `host` in use.'],
  [/^403 .*scope '([\w:]+)'/, 'Add the scope $1 to the key, under Settings > Personal API keys.'],
  [
    /^403 .*secret API key/i,
    'Use a personal key (phx_): a secret key (phs_) only runs endpoints, and cannot read openapi.json.',
  ],
  [
    /^403 .*(?:requested \w+:|scoped projects)/,
    'Check `projectId`: the key is restricted to other projects or organizations.',
  ],
  [/^403 .*allow using personal/, 'Ask an admin of the organization to allow personal API keys.'],
  [/^403 - -: -/, 'PostHog or a firewall refuses this address or country.'],
  [/^403/, 'Use a key whose user has access to it.'],
  [
    /^404 .*: (?:-|Endpoint not found\.)$/,
    'Check `host` and its sub-path; an older PostHog may lack this route.',
  ],
  [/^404 .*current_version=(\d+)/, 'The current version is $1: run `typehog endpoints pull`.'],
  [/^404 .*project not found/i, 'Check `projectId`, `region` and `host`.'],
  [/^404/, 'Check the id or name and `projectId`; deleted and inactive ones are not found either.'],
  [/^402 api_queries/, "Raise the plan: the month's allowance for API queries is used up."],
  [/^402/, 'Check the plan and the billing limits.'],
  [/^409/, 'Read the object again and repeat the change on it.'],
  [/^429 .*too many queries/i, 'Run fewer queries at once: a team may have 3.'],
  [/^429/, 'Wait until `retryAt`: all jobs with this key share its limit.'],
  [/^400 \S+ variables: .*unknown/i, 'Send variables of this version: run `typehog endpoints pull`.'],
  [/^400 \S+ variables:/, 'Send every variable: a materialised endpoint uses no defaults.'],
  [/^400 .*version.*active/i, 'Activate that version, or run `typehog endpoints pull`.'],
  [/^400 .*\bOFFSET\b/, 'Page by timestamp and uuid in place of OFFSET.'],
  [
    /^(?:400 query_|504 .*: [^-]|51[23])/,
    'Make it read less (time range, columns, LIMIT), or materialise the endpoint.',
  ],
  [/^5.*: -$/, 'Try again later, and check `host`: a proxy answered in place of PostHog.'],
  [/^5/, 'Try again later; see status.posthog.com.'],
  [/: -$/, "Check `host`: this is not PostHog's API."],
]

/** What a fix is chosen by. */
export interface Symptoms {
  readonly status: number
  readonly code?: string | undefined
  readonly attr?: string | undefined
  readonly detail?: string | undefined
  readonly currentVersion?: number | undefined
}

/** What to do about a refused request. Undefined when PostHog's own sentence says it all. */
export function fixFor({ status, code, attr, detail, currentVersion }: Symptoms): string | undefined {
  const version = currentVersion === undefined ? '' : ` current_version=${currentVersion}`
  const line = `${status} ${code ?? '-'} ${attr ?? '-'}: ${detail?.replace(/\s+/g, ' ') ?? '-'}${version}`
  for (const [symptom, fix] of rules) {
    const match = symptom.exec(line)
    if (match !== null) return fix.replace('$1', match[1] ?? '')
  }
  return undefined
}
