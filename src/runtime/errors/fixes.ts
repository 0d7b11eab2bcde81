/**
 * A fix for an error response, by its symptoms: `status code attr: detail`, with `-` for missing parts. The first
 * matching rule wins. `$1` in a fix is the first group of the pattern. A rule may be limited to operations.
 */
export type Rule = readonly [symptom: RegExp, fix: string, operation?: RegExp]

const scopes = 'under Settings > Personal API keys'

const access: readonly Rule[] = [
  [/^401 not_auth/, 'Check for a proxy that removes the Authorization header.'],
  [
    /^401 .*(?:request body|query string) is invalid/,
    'Remove `personal_api_key` from body and query: the client sends the key.',
  ],
  [
    /^401 .*User associated .*(?:not found|disabled)/i,
    'Use the key of an active user: the user of this token is deleted or disabled.',
  ],
  [
    /^401 .*not associated with a valid application/i,
    'Register the OAuth application again, and sign in again.',
  ],
  [
    /^401 .*(?:access token|Token invalid)/i,
    'Get a new access token, or set `apiKey` to `oauth({ … })` or a function that returns a new one.',
  ],
  [/^401/, 'Check that the key still exists, and belongs to the `region` or `host` in use.'],
  [/^403 .*scope '([\w:]+)'/, `Add the scope $1 to the key, ${scopes}.`],
  [/^403 .*token has no scopes/i, 'Sign in again with the scopes that the call needs; `explain` lists them.'],
  [
    /^403 .*secret API key/i,
    'Use a personal key (phx_): a secret key (phs_) only runs endpoints, and cannot read openapi.json.',
  ],
  [
    /^403 .*personal API key access/i,
    'Only the PostHog app can use this route, whatever the scopes of the key.',
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
    'Use a key that is not restricted to projects: this route does not belong to a project.',
  ],
  [/^403 .*allow using personal/, 'Ask an admin of the organization to allow personal API keys.'],
  [
    /^403 .*access to the project/i,
    "Check `projectId`, and that the key's user is a member of that project.",
  ],
  [/^403 .*access level/i, "Raise the access level of the key's user in the organization."],
  [/^403 - -: -/, 'PostHog or a firewall blocks this IP address or country.'],
  [
    /^4\d\d .*legacy.*filters/i,
    'Send `query` instead of `filters`: PostHog no longer accepts legacy filters.',
    /insights/,
  ],
  [/^403/, 'Use the key of a user with access to it.'],
]

const quota: readonly Rule[] = [
  [
    /^402 api_queries/,
    'Upgrade the plan: the monthly quota of API queries is used up. PostHog still returns cached results.',
  ],
  [/^402 quota_limit/, 'Raise the billing limit of this product, or wait for the next billing period.'],
  [/^402 payment_required/, 'Upgrade to a plan with this feature.'],
  [/^402/, 'Check the plan and the billing limits.'],
  [/^429 .*too many queries/i, 'Run fewer queries at once: a team may run 3, including those of other jobs.'],
  [
    /^429 .*snapshot/i,
    'Read recordings more slowly: each needs at least two of these requests, and the plan sets the limit.',
  ],
  [/^429/, 'Wait until `retryAt`: all jobs with this key share the limit.'],
]

const missing: readonly Rule[] = [
  [/^404 - -: -$/, 'Check that the flag exists and is a remote config.', /remote_config/],
  [
    /^404 .*: (?:-|Endpoint not found\.)$/,
    'Check `host` and its sub-path; an older PostHog may not have this route.',
  ],
  [/^404 .*current_version=(\d+)/, 'The current version is $1: run `typehog endpoints pull`.'],
  [/^404 .*project not found/i, 'Check `projectId`, `region` and `host`.'],
  [
    /^404 .*Query \S+ not found/,
    'Start the query again: PostHog stores its status for 20 minutes, and deletes it after a cancel.',
  ],
  [/^404/, 'To restore a deleted dashboard, send only `{ deleted: false }`.', /^PATCH .*dashboards/],
  [/^404/, 'Check the id or name and `projectId`; PostHog does not find deleted or inactive objects.'],
  [
    /^405 - -: -$/,
    'Send PATCH with `{ deleted: true }` instead of DELETE: PostHog only marks it as deleted.',
    /^DELETE/,
  ],
  [/^405 method/, 'Use another method: the route exists. See the operations in `typehog/api`.'],
  [/^406/, 'Remove the Accept header: PostHog responds with JSON.'],
  [/^409 queue_full/, 'Wait until the pending operations finish.'],
  [/^409/, 'Read the object again, and repeat the change.'],
  [/^413/, 'Send a smaller body: PostHog accepts up to 20 MiB.'],
  [/^415/, 'Send JSON, or the form of the operation, without a Content-Type header.'],
]

const input: readonly Rule[] = [
  [/^400 \S+ variables: .*unknown/i, 'Send variables of this version: run `typehog endpoints pull`.'],
  [/^400 \S+ variables:/, 'Send every variable: a materialized endpoint uses no defaults.'],
  [/^400 .*version.*active/i, 'Activate that version, or run `typehog endpoints pull`.'],
  [/^400 .*\bdirect\b/, "Remove `refresh: 'direct'`: only materialized endpoints accept it.", /\/run\/$/],
  [
    /^400 \S+ filters_override/,
    'Use variables: HogQL endpoints do not accept `filters_override`.',
    /\/run\/$/,
  ],
  [
    /^400 \S+ (?:offset|limit):/,
    'Remove `limit` and `offset`: endpoints of insights accept neither, and `offset` needs `limit`.',
    /\/run\/$/,
  ],
  [/^400 .*\bOFFSET\b/, 'Page by timestamp and uuid instead of OFFSET.'],
  [/^400 .*offset/i, 'Page by `before` and `after` instead of `offset`.', /events/],
  [/^400 .*event_name/, 'Pass `event_name`: calls with a key require it.', /events\/values/],
  [/^400 .*distinct_ids/i, 'Pass either `ids` or `distinct_ids`, up to 1,000.', /bulk_delete/],
  [
    /^400 parse_error .*(?:extra|not permitted|unexpected)/i,
    'Remove the field that the detail names: PostHog rejects unknown fields.',
  ],
  [/^400 parse_error/, 'Compare the body with the type of the operation: the detail names the field.'],
  [
    /^400 unknown_table/,
    'Check the table name: `events`, `persons`, `sessions`, `groups`, or a warehouse table.',
  ],
  [
    /^400 unknown_identifier/,
    'Check the name: a column or alias of the query, or a property such as properties.$browser.',
  ],
  [
    /^400 unknown_function/,
    'Check the function name: HogQL supports most functions of ClickHouse, but not all.',
  ],
  [
    /^400 (?:type_mismatch|illegal_type_of_argument|no_common_type)/,
    'Convert the values to one type with toString, toFloat or toDateTime: properties are strings.',
  ],
  [/^400 (?:not_an_aggregate|illegal_aggregation)/, 'Add every column that is not aggregated to GROUP BY.'],
  [
    /^(?:400 query_|504 .*: [^-]|512)/,
    'Make the query read less (time range, columns, LIMIT), run it async, or materialize the endpoint.',
  ],
  [/^513 .*heavy load/i, 'Try again later: the cluster is low on memory.'],
  [/^513/, 'Reduce memory use: fewer groups, a shorter time range, or approximate functions such as uniq.'],
]

const server: readonly Rule[] = [
  [/^500 .*clickhouse/i, 'Simplify or shorten the query; PostHog hides the message of ClickHouse.'],
  [/^503 .*(?:query_capacity|too busy)/i, 'Try again in a moment, with fewer queries at once.'],
  [/^503 database/, "Try again in a few seconds: one of PostHog's databases is unavailable."],
  [/^503 - -: -$/, 'Open fewer concurrent event streams, and try again later.', /stream|conversations/],
  [/^5.*: -$/, 'Try again later, and check `host`: the response is from a proxy, not from PostHog.'],
  [/^5/, 'Try again later; see status.posthog.com.'],
  [/: -$/, "Check `host`: this is not PostHog's API. The ingestion host differs from the API host."],
]

/** All rules, in order of precedence. */
export const catalogue: readonly Rule[] = [...access, ...quota, ...missing, ...input, ...server]

/** The facts that select a fix. */
export interface Symptoms {
  readonly status: number
  /** Method and path template. */
  readonly operation?: string | undefined
  readonly code?: string | undefined
  readonly attr?: string | undefined
  readonly detail?: string | undefined
  readonly currentVersion?: number | undefined
}

/** Finds the fix for an error response. Returns undefined when PostHog's own message is sufficient. */
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
