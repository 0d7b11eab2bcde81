import { FINGERPRINTS, ISSUES } from '../resources/error-tracking/issues.ts'
import { findRecordings } from '../resources/recordings/find-recordings.ts'
import { recordingView } from '../resources/recordings/recording-view.ts'
import type { ServerState } from '../server-state.ts'
import { USER } from '../store/account.ts'
import { collectionOf, type JsonRecord } from '../store/collection.ts'
import { LOG_ENTRIES } from '../store/log-entries.ts'
import { assigneeOf } from './assignee.ts'
import type { RecordReader } from './record-reader.ts'

const CURRENT: JsonRecord = { is_deleted: false, version: 0 }
/** ClickHouse's code of errors that are none of its own. */
const UNKNOWN_EXCEPTION = 1002
/** Members of the query log that the local PostHog does not measure. */
const NOT_MEASURED: JsonRecord = Object.fromEntries(
  [
    ...[
      'read_rows',
      'read_bytes',
      'result_bytes',
      'memory_usage',
      'cpu_microseconds',
      'RealTimeMicroseconds',
    ],
    ...['S3ListObjects', 'S3HeadObject', 'S3GetObjectAttributes', 'S3GetObject', 'ReadBufferFromS3Bytes'],
  ].map((name) => [name, 0]),
)

/** Readers of the tables of recordings, logs, queries and errors. */
export const OBSERVABILITY_RECORDS: Readonly<Record<string, RecordReader>> = {
  session_replay_events: recordings,
  log_entries: (state) => [
    ...collectionOf(state, LOG_ENTRIES)
      .all()
      .map((entry) => ({ ...entry, log_source: 'batch_export' })),
    ...state.endpoints.log.map((line) => ({ ...line, log_source: 'endpoints' })),
  ],
  query_log: (state, project) => state.queryLog.entries.map((entry) => queryRecord(entry, project)),
  // PostHog lists only fingerprints whose issue changed. Local events may have no issue of their own, so all are listed.
  error_tracking_issue_fingerprint_overrides: fingerprints,
  raw_error_tracking_issue_fingerprint_overrides: fingerprints,
  error_tracking_fingerprint_issue_state: issueStates,
  raw_error_tracking_fingerprint_issue_state: issueStates,
}

async function recordings(state: ServerState): Promise<readonly JsonRecord[]> {
  const found = await findRecordings(state, {})
  return found.map((recording) => {
    const view = recordingView(recording, state.now())
    return {
      ...view,
      session_id: recording.id,
      first_url: recording.url === '' ? null : recording.url,
      all_urls: recording.urls,
      active_milliseconds: recording.seconds * 1_000,
      // The local PostHog derives recordings from events and has no snapshots.
      size: 0,
      event_count: 0,
      message_count: 0,
      is_deleted: 0,
      ai_tags_fixed: [],
      ai_tags_freeform: [],
      ai_highlighted: 0,
    }
  })
}

function queryRecord(entry: ServerState['queryLog']['entries'][number], project: number): JsonRecord {
  const { event_time, exception, ...members } = entry
  const failed = exception !== ''
  return {
    ...members,
    ...NOT_MEASURED,
    event_date: event_time,
    event_time,
    query_start_time: event_time,
    endpoint: `/api/projects/${project}/query/`,
    name: '',
    exception_name: failed ? 'UNKNOWN_EXCEPTION' : '',
    api_key_label: '',
    api_key_mask: '',
    created_by: USER.id,
    status: failed ? 'ExceptionWhileProcessing' : 'QueryFinish',
    exception_code: failed ? UNKNOWN_EXCEPTION : 0,
    is_personal_api_key_request: true,
  }
}

function fingerprints(state: ServerState): readonly JsonRecord[] {
  return collectionOf(state, FINGERPRINTS)
    .all()
    .map((fingerprint) => ({ ...fingerprint, ...CURRENT }))
}

function issueStates(state: ServerState): readonly JsonRecord[] {
  const issues = collectionOf(state, ISSUES)
  return fingerprints(state).flatMap((fingerprint) => {
    const issue = issues.get(fingerprint['issue_id'])
    if (issue === undefined) return []
    const { user, role } = assigneeOf(issue)
    return [
      {
        ...fingerprint,
        issue_name: issue['name'],
        issue_description: issue['description'],
        issue_status: issue['status'],
        assigned_user_id: user,
        assigned_role_id: role,
        first_seen: fingerprint['created_at'],
      },
    ]
  })
}
