import { jsonResponse } from '../http/json.ts'
import { offsetPage } from '../http/page.ts'
import type { Call, Route } from '../http/route.ts'
import type { ServerState } from '../server-state.ts'
import { type CollectionKind, collectionOf, type JsonRecord, type StoredRecord } from './collection.ts'
import { actionRoute } from './resource-routes.ts'

const LOGS: CollectionKind = { name: 'log_entries', ids: 'uuid' }
const SEVERITIES: Readonly<Record<string, number>> = {
  DEBUG: 5,
  LOG: 9,
  INFO: 9,
  WARNING: 13,
  WARN: 13,
  ERROR: 17,
}

/** Something that a run of a function or an export said. */
export interface LogEntry {
  /** The function or export. */
  readonly source: string
  /** The run. */
  readonly instance: string
  readonly level: 'INFO' | 'WARNING' | 'ERROR'
  readonly message: string
}

/** Writes a line. */
export function addLogEntry(world: ServerState, { source, instance, level, message }: LogEntry): void {
  const timestamp = world.now().toISOString()
  collectionOf(world, LOGS).add({ log_source_id: source, instance_id: instance, timestamp, level, message })
}

/**
 * The lines about something, newest first.
 *
 * @param sourceOf It throws when there is no such thing.
 * @param instanceOf The run, when the lines are about one.
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
    const lines = collectionOf(call.world, LOGS)
      .all()
      .filter((line) => line['log_source_id'] === source)
      .filter((line) => instance === null || line['instance_id'] === instance)
      .filter((line) => levels === undefined || levels.includes(String(line['level'])))
      .filter((line) => String(line['message']).toLowerCase().includes(words))
      .filter((line) => after === null || String(line['timestamp']) > after)
      .filter((line) => before === null || String(line['timestamp']) < before)
      .reverse()
    const page = offsetPage(lines, call.url, call.world.pageSize)
    return jsonResponse(200, { ...page, results: page.results.map(lineView) })
  })
}

// PostHog's document describes these lines by the entries of its Logs product: the members of both are given.
function lineView({ id, ...line }: StoredRecord): JsonRecord {
  const level = String(line['level'])
  return {
    ...line,
    uuid: id,
    body: line['message'],
    attributes: {},
    resource_attributes: {},
    observed_timestamp: line['timestamp'],
    severity_text: level.toLowerCase(),
    severity_number: SEVERITIES[level] ?? 9,
    trace_id: '',
    span_id: '',
  }
}
