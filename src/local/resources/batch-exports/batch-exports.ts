import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, datetime, integer, json, object, text } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { RUNS, runView } from './runs.ts'

/** Types of destinations. */
export const DESTINATIONS: readonly string[] = [
  'S3',
  'Snowflake',
  'Postgres',
  'Redshift',
  'BigQuery',
  'Databricks',
  'AzureBlob',
  'Workflows',
  'HTTP',
]
/** Number of runs in a response. */
const LATEST_RUNS = 10
// PostHog never shows these members of a destination's configuration.
const SECRET = /secret|password|passphrase|private_key|access_key|token|account_key/i

/** The batch exports of the project. */
export const batchExports: Resource = {
  kind: { name: 'batch_exports', ids: 'uuid' },
  path: 'projects/:project/batch_exports',
  object: 'batch_export',
  fields: {
    name: text({ required: true }),
    model: choice(['events', 'persons', 'sessions'], { nullable: true, blank: true, default: 'events' }),
    destination: object({ required: true }),
    interval: choice(['hour', 'day', 'week', 'every 5 minutes', 'every 15 minutes'], { required: true }),
    paused: boolean({ default: false }),
    last_paused_at: datetime({ nullable: true }),
    start_at: datetime({ nullable: true }),
    end_at: datetime({ nullable: true }),
    hogql_query: text({ writeOnly: true }),
    filters: json({ default: null }),
    timezone: text({ nullable: true, default: 'UTC' }),
    offset_day: integer({ nullable: true }),
    offset_hour: integer({ nullable: true }),
  },
  systemFields: ['created_at', 'last_updated_at', 'team_id'],
  deletion: 'hard',
  activity: 'BatchExport',
  search: ['name'],
  prepareCreate: (_, values) => ({ destination: readDestination(values['destination']) }),
  prepareUpdate: (call, before, values) => {
    const { destination, paused } = values
    const pausedAt = paused === true && before['paused'] !== true ? call.state.now().toISOString() : undefined
    return {
      ...(destination === undefined
        ? {}
        : { destination: readDestination(destination, before['destination']) }),
      ...(pausedAt === undefined ? {} : { last_paused_at: pausedAt }),
    }
  },
  view: async ({ state }, batchExport) => {
    const runs = collectionOf(state, RUNS)
      .all()
      .filter((run) => run['batch_export'] === batchExport.id)
      .slice(-LATEST_RUNS)
      .reverse()
    return {
      destination: destinationView(batchExport['destination']),
      schema: null,
      latest_runs: await Promise.all(runs.map((run) => runView(state, run))),
    }
  },
}

function readDestination(given: unknown, before?: unknown): JsonRecord {
  const { type, config = {}, integration = null, integration_id = null } = isObject(given) ? given : {}
  const known = DESTINATIONS.find((candidate) => candidate === type)
  if (known === undefined) {
    throw invalid('destination__type', `"${String(type)}" is not a valid choice.`, 'invalid_choice')
  }
  if (!isObject(config)) throw invalid('destination__config', 'Expected a dictionary of items.')
  // Members that the body omits, such as secrets, stay unchanged.
  const current =
    isObject(before) && before['type'] === type && isObject(before['config']) ? before['config'] : {}
  return { type, config: { ...current, ...config }, integration, integration_id }
}

function destinationView(destination: unknown): JsonRecord {
  const { config, ...shown } = destination as StoredRecord
  const visible = Object.entries(isObject(config) ? config : {}).filter(([name]) => !SECRET.test(name))
  return { ...shown, config: Object.fromEntries(visible) }
}
