import { jsonResponse } from '../http/json.ts'
import { offsetPage } from '../http/page.ts'
import type { Call, Route } from '../http/route.ts'
import type { ServerState } from '../server-state.ts'
import { type CollectionKind, collectionOf, type JsonRecord, type StoredRecord } from './collection.ts'
import { actionRoute } from './resource-routes.ts'

/** Log entries of the runs of functions and batch exports. */
export const LOG_ENTRIES: CollectionKind = { name: 'log_entries', ids: 'uuid' }
const SEVERITIES: Readonly<Record<string, number>> = {
  DEBUG: 5,
  LOG: 9,
  INFO: 9,
  WARNING: 13,
  WARN: 13,
  ERROR: 17,
}

/** A log entry of a run. */
export interface LogEntry {
  /** Id of the function or batch export. */
  readonly source: string
  /** Id of the run. */
  readonly instance: string
  readonly level: 'INFO' | 'WARNING' | 'ERROR'
  readonly message: string
}

/** Adds a log entry. */
export function addLogEntry(state: ServerState, { source, instance, level, message }: LogEntry): void {
  const timestamp = state.now().toISOString()
  collectionOf(state, LOG_ENTRIES).add({
    log_source_id: source,
    instance_id: instance,
    timestamp,
    level,
    message,
  })
}

/**
 * A route that lists log entries, newest first.
 *
 * @param sourceOf Returns the id of the source; throws ApiError 404 when there is none.
 * @param instanceOf Returns the id of the run. Default: the query parameter `instance_id`.
 */
export function logEntriesRoute(
  path: string,
  scope: string,
  sourceOf: (call: Call) => string,
  instanceOf?: (call: Call) => string,
): Route {
  return actionRoute('GET', path, scope, (call) => {
    const source = sourceOf(call)
    const { searchParams } = call.url
    const instance = instanceOf?.(call) ?? searchParams.get('instance_id')
    const levels = searchParams.get('level')?.toUpperCase().split(',')
    const words = searchParams.get('search')?.toLowerCase() ?? ''
    const [after, before] = [searchParams.get('after'), searchParams.get('before')]
    const entries = collectionOf(call.state, LOG_ENTRIES)
      .all()
      .filter((entry) => entry['log_source_id'] === source)
      .filter((entry) => instance === null || entry['instance_id'] === instance)
      .filter((entry) => levels === undefined || levels.includes(String(entry['level'])))
      .filter((entry) => String(entry['message']).toLowerCase().includes(words))
      .filter((entry) => after === null || String(entry['timestamp']) > after)
      .filter((entry) => before === null || String(entry['timestamp']) < before)
      .reverse()
    const page = offsetPage(entries, call.url, call.state.pageSize)
    return jsonResponse(200, { ...page, results: page.results.map(entryView) })
  })
}

// PostHog's schema describes these entries as those of its Logs product, so they have the members of both.
function entryView({ id, ...entry }: StoredRecord): JsonRecord {
  const level = String(entry['level'])
  return {
    ...entry,
    uuid: id,
    body: entry['message'],
    attributes: {},
    resource_attributes: {},
    observed_timestamp: entry['timestamp'],
    severity_text: level.toLowerCase(),
    severity_number: SEVERITIES[level] ?? 9,
    trace_id: '',
    span_id: '',
  }
}
