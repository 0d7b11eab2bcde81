import type { JsonRecord } from '../../store/collection.ts'
import { personNumber } from '../persons/person-view.ts'
import type { FoundRecording } from './find-recordings.ts'

const DAY_MS = 86_400_000
const RETENTION_DAYS = 30

/** A recording as the API returns it. */
export function recordingView(recording: FoundRecording, now: Date): JsonRecord {
  const { changes, person } = recording
  const expiry = new Date(Date.parse(recording.start) + RETENTION_DAYS * DAY_MS)
  return {
    id: recording.id,
    distinct_id: recording.distinctId,
    viewed: false,
    viewers: [],
    recording_duration: recording.seconds,
    active_seconds: recording.seconds,
    inactive_seconds: 0,
    start_time: recording.start,
    end_time: recording.end,
    click_count: recording.clicks,
    keypress_count: 0,
    mouse_activity_count: recording.clicks,
    console_log_count: 0,
    console_warn_count: 0,
    console_error_count: 0,
    start_url: recording.url,
    person: {
      id: personNumber(person.id),
      uuid: person.id,
      name: String(person.properties['email'] ?? person.properties['name'] ?? recording.distinctId),
      distinct_ids: person.distinctIds,
      properties: person.properties,
      created_at: person.createdAt,
      last_seen_at: recording.end,
    },
    retention_period_days: RETENTION_DAYS,
    expiry_time: expiry.toISOString(),
    recording_ttl: Math.max(0, Math.floor((expiry.getTime() - now.getTime()) / DAY_MS)),
    snapshot_source: 'web',
    snapshot_library: null,
    ongoing: false,
    activity_score: null,
    has_summary: false,
    summary_outcome: null,
    external_references: [],
    ...(changes === undefined ? {} : (changes['set'] as JsonRecord)),
  }
}
