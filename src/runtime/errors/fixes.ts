/**
 * What to do about a refused request, by a line that sums it up: `status code attr: detail`, where what the answer
 * does not have is `-`. Asked from top to bottom; `$1` is what the parentheses found. A rule may be bound to
 * operations. The catalogue is loaded when something was refused, so its size costs nobody's start.
 */
export type Rule = readonly [symptom: RegExp, fix: string, operation?: RegExp]

const scopes = 'under Settings > Personal API keys'

const access: readonly Rule[] = [
  [/^401 not_auth/, 'Look for a proxy that drops the Authorization header.'],
  [
    /^401 .*(?:request body|query string) is invalid/,
    'Remove `personal_api_key` from body and query: the client sends the key.',
  ],
  [
    /^401 .*User associated .*(?:not found|disabled)/i,
    'Use a key of an active user: the one behind this token is gone or disabled.',
  ],
  [
    /^401 .*not associated with a valid application/i,
    'Register the OAuth application again and sign in anew.',
  ],
  [
    /^401 .*(?:access token|Token invalid)/i,
    'Get a new access token, or let `apiKey` be `oauth({ … })` or a function that does.',
  ],
  [/^401/, 'Check that the key still exists, and is of the `region` or `host` in use.'],
  [/^403 .*scope '([\w:]+)'/, `Add the scope $1 to the key, ${scopes}.`],
  [
    /^403 .*token has no scopes/i,
    'Sign in again and ask for the scopes that the call needs; `explain` names them.',
  ],
  [
    /^403 .*secret API key/i,
    'Use a personal key (phx_): a secret key (phs_) only runs endpoints, and cannot read openapi.json.',
  ],
  [
    /^403 .*personal API key access/i,
    'PostHog opens this route to its own app only, whatever the scopes of the key.',
  ],
  [/^403 .*internal scope/i, "This route is for PostHog's own services."],
  [
    /^403 .*requested project: ID (\S+?)\.?$/,
    `Allow project $1 for the key, ${scopes}, or check \`projectId\`: the key is restricted.`,
  ],
  [
    /^403 .*requested organization: ID (\S+?)\.?$/,
    `Allow organization $1 for the key, ${scopes}: the key is restricted.`,
  ],
  [
    /^403 .*scoped projects/,
    'Use a key that is not restricted to single projects: this route lies outside of projects.',
  ],
  [/^403 .*allow using personal/, 'Ask an admin of the organization to allow personal API keys.'],
  [
    /^403 .*access to the project/i,
    "Check `projectId`, and that the key's user is a member of that project.",
  ],
  [/^403 .*access level/i, "Raise the access level of the key's user in the organization."],
  [/^403 - -: -/, 'PostHog or a firewall refuses this address or country.'],
  [
    /^4\d\d .*legacy.*filters/i,
    'Send `query` in place of `filters`: PostHog takes no legacy filters any more.',
    /insights/,
  ],
  [/^403/, 'Use a key whose user has access to it.'],
]

const quota: readonly Rule[] = [
  [
    /^402 api_queries/,
    "Raise the plan: the month's allowance for API queries is used up. Cached results are still served.",
  ],
  [/^402 quota_limit/, 'Raise the billing limit of this product, or wait for the next billing period.'],
  [/^402 payment_required/, 'This is a feature of a paid plan: upgrade, or do without it.'],
  [/^402/, 'Check the plan and the billing limits.'],
  [/^429 .*too many queries/i, 'Run fewer queries at once: a team may have 3, other jobs included.'],
  [
    /^429 .*snapshot/i,
    'Read recordings more slowly: each takes at least two of these requests, and the plan sets the limit.',
  ],
  [/^429/, 'Wait until `retryAt`: all jobs with this key share its limit.'],
]

const missing: readonly Rule[] = [
  [/^404 - -: -$/, 'Check that the flag exists and is a remote config.', /remote_config/],
  [
    /^404 .*: (?:-|Endpoint not found\.)$/,
    'Check `host` and its sub-path; an older PostHog may lack this route.',
  ],
  [/^404 .*current_version=(\d+)/, 'The current version is $1: run `typehog endpoints pull`.'],
  [/^404 .*project not found/i, 'Check `projectId`, `region` and `host`.'],
  [
    /^404 .*Query \S+ not found/,
    'Start the query again: its status is kept for 20 minutes, and not after a cancel.',
  ],
  [
    /^404/,
    'To restore a deleted dashboard, send `{ deleted: false }` alone, without another field.',
    /^PATCH .*dashboards/,
  ],
  [/^404/, 'Check the id or name and `projectId`; deleted and inactive ones are not found either.'],
  [/^405 - -: -$/, 'PostHog keeps it: send PATCH with `{ deleted: true }` in place of DELETE.', /^DELETE/],
  [/^405 method/, 'The route exists, and takes other methods: see the operations of `typehog/api`.'],
  [/^406/, 'Drop the Accept header: PostHog answers JSON.'],
  [/^409 queue_full/, 'Wait until what is under way has ended.'],
  [/^409/, 'Read the object again and repeat the change on it.'],
  [/^413/, 'Send less at once: PostHog reads 20 MiB of a body.'],
  [/^415/, 'Send JSON, or the form that the operation takes; drop the Content-Type header.'],
]

const input: readonly Rule[] = [
  [/^400 \S+ variables: .*unknown/i, 'Send variables of this version: run `typehog endpoints pull`.'],
  [/^400 \S+ variables:/, 'Send every variable: a materialised endpoint uses no defaults.'],
  [/^400 .*version.*active/i, 'Activate that version, or run `typehog endpoints pull`.'],
  [/^400 .*\bdirect\b/, "Leave `refresh: 'direct'` out: only materialised endpoints take it.", /\/run\/$/],
  [/^400 \S+ filters_override/, 'Use variables: HogQL endpoints take no `filters_override`.', /\/run\/$/],
  [
    /^400 \S+ (?:offset|limit):/,
    'Leave `limit` and `offset` out: endpoints of insights take none, and `offset` needs `limit`.',
    /\/run\/$/,
  ],
  [/^400 .*\bOFFSET\b/, 'Page by timestamp and uuid in place of OFFSET.'],
  [/^400 .*offset/i, 'Page by `before` and `after` in place of `offset`.', /events/],
  [/^400 .*event_name/, 'Pass `event_name`: keys need it here.', /events\/values/],
  [/^400 .*distinct_ids/i, 'Pass `ids` or `distinct_ids`, not both, and at most 1,000.', /bulk_delete/],
  [
    /^400 parse_error .*(?:extra|not permitted|unexpected)/i,
    'Remove the field that the detail names: PostHog refuses fields that it does not know.',
  ],
  [/^400 parse_error/, 'Compare the body with the type of the operation: the detail names the field.'],
  [
    /^400 unknown_table/,
    'Check the name of the table: `events`, `persons`, `sessions`, `groups` and those of the warehouse.',
  ],
  [
    /^400 unknown_identifier/,
    'Check the name: a column or alias of the query, or a property, such as properties.$browser.',
  ],
  [/^400 unknown_function/, 'Check the name of the function: HogQL knows most of ClickHouse, not all.'],
  [
    /^400 (?:type_mismatch|illegal_type_of_argument|no_common_type)/,
    'Convert the values to one type, with toString, toFloat or toDateTime: properties are text.',
  ],
  [/^400 (?:not_an_aggregate|illegal_aggregation)/, 'Name every column that is not aggregated in GROUP BY.'],
  [
    /^(?:400 query_|504 .*: [^-]|512)/,
    'Make it read less (time range, columns, LIMIT), run it async, or materialise the endpoint.',
  ],
  [/^513 .*heavy load/i, 'Try again later: the cluster is short of memory.'],
  [
    /^513/,
    'Make it hold less in memory: fewer groups, a shorter time range, or approximate functions such as uniq.',
  ],
]

const server: readonly Rule[] = [
  [
    /^500 .*clickhouse/i,
    'Simplify the query; PostHog hides what ClickHouse said. A text that is too long fails so as well.',
  ],
  [/^503 .*(?:query_capacity|too busy)/i, 'Try again in a moment, with fewer queries at once.'],
  [/^503 database/, 'Try again in a few seconds: a database of PostHog is away.'],
  [/^503 - -: -$/, 'Open fewer event streams at once, and try again later.', /stream|conversations/],
  [/^5.*: -$/, 'Try again later, and check `host`: a proxy answered in place of PostHog.'],
  [/^5/, 'Try again later; see status.posthog.com.'],
  [/: -$/, "Check `host`: this is not PostHog's API. Events go to another host than the API."],
]

/** All of them, in the order in which they are asked. */
export const catalogue: readonly Rule[] = [...access, ...quota, ...missing, ...input, ...server]

/** What a fix is chosen by. */
export interface Symptoms {
  readonly status: number
  /** Method and path template. */
  readonly operation?: string | undefined
  readonly code?: string | undefined
  readonly attr?: string | undefined
  readonly detail?: string | undefined
  readonly currentVersion?: number | undefined
}

/** What to do about a refused request. Undefined when PostHog's own sentence says it all. */
export function fixFor(symptoms: Symptoms): string | undefined {
  const { status, operation = '', code, attr, detail, currentVersion } = symptoms
  const version = currentVersion === undefined ? '' : ` current_version=${currentVersion}`
  const line = `${status} ${code ?? '-'} ${attr ?? '-'}: ${detail?.replace(/\s+/g, ' ') ?? '-'}${version}`
  for (const [symptom, fix, bound] of catalogue) {
    const match = bound === undefined || bound.test(operation) ? symptom.exec(line) : null
    if (match !== null) return fix.replace('$1', match[1] ?? '')
  }
  return undefined
}
