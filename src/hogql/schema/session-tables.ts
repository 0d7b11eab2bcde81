import { channelType } from './channel-type.ts'
import { parseFields } from './field-table.ts'
import type { Table } from './table.ts'

/*
 * Sessions: version 2, which PostHog uses where `sessionTableVersion` is `auto`. PostHog knows sessions whose id is a
 * UUID of version 7; the local PostHog knows all.
 *
 * Source: posthog/hogql/database/schema/sessions_v2.py and posthog/models/raw_sessions/sessions_v2.py of
 * PostHog/posthog.
 */

/** Properties of the first event that a session keeps: by the name in the session, the name of the property. */
const FIRST: Readonly<Record<string, string>> = {
  $entry_referring_domain: '$referring_domain',
  $entry_referrer: '$referrer',
  ...named(['utm_source', 'utm_campaign', 'utm_medium', 'utm_term', 'utm_content']),
  ...named(['gclid', 'gad_source', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'twclid']),
  ...named(['li_fat_id', 'mc_cid', 'igshid', 'ttclid', '_kx', 'irclid']),
}

function named(properties: readonly string[]): Record<string, string> {
  return Object.fromEntries(properties.map((property) => [`$entry_${property}`, property]))
}

const NOT_EMPTY = (value: string): string => `nullIf(nullIf(${value}, 'null'), '')`
const property = (name: string): string => `JSONExtractString(properties, '${name}')`
const first = (name: string): string => NOT_EMPTY(`argMin(${property(name)}, timestamp)`)
const last = (name: string): string => NOT_EMPTY(`argMax(${property(name)}, timestamp)`)
const count = (event: string): string => `uniqIf(uuid, event = '${event}')`
const lcp = "accurateCastOrNull(nullIf(JSONExtractRaw(properties, '$web_vitals_LCP_value'), ''), 'Float64')"

const COLUMNS: Readonly<Record<string, string>> = {
  session_id: '$session_id',
  session_id_v7: '_toUInt128(toUUID($session_id))',
  team_id: 'any(events.team_id)',
  distinct_id: NOT_EMPTY('argMax(events.distinct_id, timestamp)'),
  $start_timestamp: 'min(timestamp)',
  $end_timestamp: 'max(timestamp)',
  max_inserted_at: 'max(created_at)',
  $urls: `arrayDistinct(groupArrayIf(${property('$current_url')}, ${property('$current_url')} != ''))`,
  $entry_current_url: first('$current_url'),
  $end_current_url: last('$current_url'),
  ...Object.fromEntries(Object.entries(FIRST).map(([name, from]) => [name, first(from)])),
  $pageview_count: count('$pageview'),
  $autocapture_count: count('$autocapture'),
  $screen_count: count('$screen'),
  $last_external_click_url: last('$external_click_url'),
  $page_screen_autocapture_count_up_to: `least(2, uniqExactIf(uuid, event IN ('$pageview', '$screen', '$autocapture')))`,
  $vitals_lcp: `argMin(${lcp}, timestamp)`,
}

/** Seconds from which a session with one view is no bounce. PostHog's default of `bounceRateDurationSeconds`. */
const BOUNCE_SECONDS = 10

const CHANNEL_TYPE = channelType({
  campaign: '$entry_utm_campaign',
  medium: '$entry_utm_medium',
  source: '$entry_utm_source',
  domain: '$entry_referring_domain',
  gclid: '$entry_gclid',
  fbclid: '$entry_fbclid',
  gadSource: '$entry_gad_source',
})

const sessions: Table = {
  name: 'sessions',
  source: {
    kind: 'query',
    hogql: `SELECT ${Object.entries(COLUMNS)
      .map(([name, value]) => `${value} AS ${name}`)
      .join(', ')} FROM events WHERE notEmpty($session_id) GROUP BY $session_id`,
  },
  fields: parseFields(`
    id hidden := session_id
    session_id String
    session_id_v7 Integer hidden
    team_id Integer
    distinct_id String
    $start_timestamp DateTime
    $end_timestamp DateTime
    max_inserted_at DateTime
    $urls Texts
    $num_uniq_urls := length($urls)
    $entry_current_url String?
    $entry_pathname := path($entry_current_url)
    $entry_hostname := domain($entry_current_url)
    $end_current_url String?
    $end_pathname := path($end_current_url)
    $end_hostname := domain($end_current_url)
    ${Object.keys(FIRST)
      .map((name) => `${name} String?`)
      .join('\n')}
    $pageview_count Integer
    $autocapture_count Integer
    $screen_count Integer
    $channel_type := ${CHANNEL_TYPE}
    $session_duration := dateDiff('second', $start_timestamp, $end_timestamp)
    duration hidden := $session_duration
    $is_bounce := if($page_screen_autocapture_count_up_to = 0, NULL, not(or($page_screen_autocapture_count_up_to > 1, $session_duration >= ${BOUNCE_SECONDS})))
    $last_external_click_url String?
    $page_screen_autocapture_count_up_to Integer
    $exit_current_url hidden := $end_current_url
    $exit_pathname hidden := $end_pathname
    $vitals_lcp Float?
  `),
}

/** Stored parts of sessions. Their other fields in PostHog are states of aggregations, which no answer can hold. */
const rawSessions: Table = {
  name: 'raw_sessions',
  source: {
    kind: 'query',
    hogql:
      'SELECT _toUInt128(toUUID($session_id)) AS session_id_v7, any(events.team_id) AS team_id, ' +
      'min(timestamp) AS min_timestamp, max(timestamp) AS max_timestamp, max(created_at) AS max_inserted_at, ' +
      `${COLUMNS['$urls']} AS urls FROM events WHERE notEmpty($session_id) GROUP BY $session_id`,
  },
  fields: parseFields(`
    session_id_v7 Integer hidden
    team_id Integer
    min_timestamp DateTime
    max_timestamp DateTime
    max_inserted_at DateTime
    urls Texts
  `),
}

/** Tables of sessions. */
export const SESSION_TABLES: readonly Table[] = [sessions, rawSessions]
