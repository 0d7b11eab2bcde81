import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, datetime, integer, json, object, text } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { RUNS, runView } from './runs.ts'

const DESTINATIONS = [
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
const LATEST = 10
// Members of a destination's settings that no answer shows.
const SECRET = /secret|password|passphrase|private_key|access_key|token|account_key/i

/** The project's batch exports. */
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
  prepareCreate: (_, values) => ({ destination: checkedDestination(values['destination']) }),
  prepareUpdate: (call, before, values) => {
    const { destination, paused } = values
    const pausedAt = paused === true && before['paused'] !== true ? call.world.now().toISOString() : undefined
    return {
      ...(destination === undefined
        ? {}
        : { destination: checkedDestination(destination, before['destination']) }),
      ...(pausedAt === undefined ? {} : { last_paused_at: pausedAt }),
    }
  },
  view: async ({ world }, batchExport) => {
    const runs = collectionOf(world, RUNS)
      .all()
      .filter((run) => run['batch_export'] === batchExport.id)
      .slice(-LATEST)
      .reverse()
    return {
      destination: shownDestination(batchExport['destination']),
      schema: null,
      latest_runs: await Promise.all(runs.map((run) => runView(world, run))),
    }
  },
}

function checkedDestination(given: unknown, before?: unknown): JsonRecord {
  const { type, config = {}, integration = null, integration_id = null } = isObject(given) ? given : {}
  const known = DESTINATIONS.find((one) => one === type)
  if (known === undefined) {
    throw invalid('destination__type', `"${String(type)}" is not a valid choice.`, 'invalid_choice')
  }
  if (!isObject(config)) throw invalid('destination__config', 'Expected a dictionary of items.')
  // What is not given again, such as a secret, stays.
  const kept =
    isObject(before) && before['type'] === type && isObject(before['config']) ? before['config'] : {}
  return { type, config: { ...kept, ...config }, integration, integration_id }
}

function shownDestination(destination: unknown): JsonRecord {
  const { config, ...shown } = destination as StoredRecord
  const open = Object.entries(isObject(config) ? config : {}).filter(([name]) => !SECRET.test(name))
  return { ...shown, config: Object.fromEntries(open) }
}
