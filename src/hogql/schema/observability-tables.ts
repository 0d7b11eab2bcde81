import { alias, join, parseFields } from './field-table.ts'
import type { Field, Table } from './table.ts'

/*
 * Recordings, logs, queries and errors.
 *
 * Source: posthog/hogql/database/schema/{session_replay_events,log_entries,query_log_archive,
 * error_tracking_issue_fingerprint_overrides,error_tracking_fingerprint_issue_state}.py of PostHog/posthog.
 */

const REPLAY_JOINS: Readonly<Record<string, Field>> = {
  events: join('session_id', 'events', '$session_id'),
  properties: alias('events', 'properties'),
  pdi: join('distinct_id', 'person_distinct_ids', 'distinct_id'),
  console_logs: join('session_id', 'console_logs_log_entries', 'log_source_id'),
  person: alias('pdi', 'person'),
  person_id: alias('pdi', 'person_id'),
  session: join('session_id', 'sessions', 'session_id'),
}
const REPLAY_COUNTS = `
  click_count Integer
  keypress_count Integer
  mouse_activity_count Integer
  active_milliseconds Integer
  console_log_count Integer
  console_warn_count Integer
  console_error_count Integer
  size Integer
  event_count Integer
  message_count Integer
`
const REPLAY_MARKS = `
  retention_period_days Integer?
  is_deleted Integer
  ai_tags_fixed Texts
  ai_tags_freeform Texts
  ai_highlighted Integer
`

/** Recordings, one row per session. */
const sessionReplayEvents: Table = {
  name: 'session_replay_events',
  source: { kind: 'records', name: 'session_replay_events' },
  fields: {
    ...parseFields(`
      session_id String
      team_id Integer
      distinct_id String
      first_url String?
      all_urls Texts
      ${REPLAY_COUNTS}
      snapshot_source String?
      snapshot_library String?
      ${REPLAY_MARKS}
      start_time DateTime
      end_time DateTime
    `),
    ...REPLAY_JOINS,
  },
}

const REPLAY_PART = parseFields(`
  session_id String
  team_id Integer
  distinct_id String
  min_first_timestamp DateTime
  max_last_timestamp DateTime
  first_url Unknown hidden
  all_urls Texts
  ${REPLAY_COUNTS}
  snapshot_source Unknown
  snapshot_library Unknown
  ${REPLAY_MARKS}
  _timestamp DateTime
`)
/** Values of a part that have another name or form than those of its recording. */
const PART_VALUES: Readonly<Record<string, string>> = {
  min_first_timestamp: 'start_time',
  max_last_timestamp: 'end_time',
  _timestamp: 'end_time',
  // States of aggregations, which only `argMinMerge` reads.
  first_url: 'argMinState(first_url, start_time)',
  snapshot_source: 'argMinState(snapshot_source, start_time)',
  snapshot_library: 'argMinState(snapshot_library, start_time)',
}

/** Stored parts of recordings. Locally, each recording is one part. */
const rawSessionReplayEvents: Table = {
  name: 'raw_session_replay_events',
  source: {
    kind: 'query',
    hogql: `SELECT ${Object.keys(REPLAY_PART)
      .map((name) => (PART_VALUES[name] === undefined ? name : `${PART_VALUES[name]} AS ${name}`))
      .join(', ')} FROM session_replay_events GROUP BY ALL`,
  },
  fields: { ...REPLAY_PART, ...REPLAY_JOINS },
}

const LOG_ENTRY = parseFields(`
  team_id Integer
  log_source String
  log_source_id String
  instance_id String
  timestamp DateTime
  message String
  level String
`)

function logEntriesOf(name: string, source: string): Table {
  const columns = Object.keys(LOG_ENTRY).join(', ')
  return {
    name,
    source: { kind: 'query', hogql: `SELECT ${columns} FROM log_entries WHERE log_source = '${source}'` },
    fields: LOG_ENTRY,
  }
}

/** Finished queries. The local PostHog measures their time and rows only; the other measures are 0. */
const queryLog: Table = {
  name: 'query_log',
  source: { kind: 'records', name: 'query_log' },
  fields: parseFields(`
    event_date Date
    event_time DateTime
    query_id String
    endpoint String
    query String
    query_start_time DateTime
    query_duration_ms Integer
    name String
    created_by Integer
    read_rows Integer
    read_bytes Integer
    result_rows Integer
    result_bytes Integer
    memory_usage Integer
    status String
    exception_code Integer
    exception_name String
    is_personal_api_key_request Boolean
    api_key_label String
    api_key_mask String
    cpu_microseconds Integer
    RealTimeMicroseconds Integer
    S3ListObjects Integer
    S3HeadObject Integer
    S3GetObjectAttributes Integer
    S3GetObject Integer
    ReadBufferFromS3Bytes Integer
  `),
}

const OVERRIDE = `
  team_id Integer
  fingerprint String
  issue_id UUID
`
const ISSUE_STATE = `
  team_id Integer
  fingerprint String
  issue_id UUID
  issue_name String?
  issue_description String?
  issue_status String
  assigned_user_id Integer?
  assigned_role_id UUID?
  first_seen DateTime?
`
const VERSION = `
  is_deleted Boolean
  version Integer
`

function records(name: string, fields: string): Table {
  return { name, source: { kind: 'records', name }, fields: parseFields(fields) }
}

/** Tables of recordings, logs, queries and errors. */
export const OBSERVABILITY_TABLES: readonly Table[] = [
  sessionReplayEvents,
  rawSessionReplayEvents,
  { name: 'log_entries', source: { kind: 'records', name: 'log_entries' }, fields: LOG_ENTRY },
  logEntriesOf('console_logs_log_entries', 'session_replay'),
  logEntriesOf('batch_export_log_entries', 'batch_export'),
  queryLog,
  records('error_tracking_issue_fingerprint_overrides', OVERRIDE),
  records('raw_error_tracking_issue_fingerprint_overrides', OVERRIDE + VERSION),
  records('error_tracking_fingerprint_issue_state', ISSUE_STATE),
  records('raw_error_tracking_fingerprint_issue_state', ISSUE_STATE + VERSION),
]
