import { bare, notFound } from '../../http/api-error.ts'
import type { Collection, CollectionKind } from '../../store/collection.ts'
import type { SavedQuery } from '../query/saved-query.ts'

/** The table snapshots of a materialized version. */
export interface Materialization {
  readonly savedQueryId: string
  readonly builtAt: Date
}

/** A version of an endpoint. A changed query creates a new version; changed settings update the version in place. */
export interface VersionRecord {
  readonly id: string
  readonly version: number
  readonly query: SavedQuery
  description: string
  freshnessSeconds: number
  isActive: boolean
  materialization: Materialization | null
  bucketOverrides: Readonly<Record<string, string>> | null
  optionalBreakdowns: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly createdAt: Date
  updatedAt: Date | null
  lastExecutedAt: Date | null
}

/** An endpoint of the project. The last of `versions` is the newest. */
export interface EndpointRecord {
  readonly id: string
  readonly name: string
  isActive: boolean
  deleted: boolean
  tags: readonly string[]
  readonly derivedFromInsight: string | null
  readonly createdAt: Date
  updatedAt: Date
  lastExecutedAt: Date | null
  readonly versions: VersionRecord[]
}

/** A line of an endpoint's execution log. */
export interface LogLine {
  readonly log_source_id: string
  readonly instance_id: string
  readonly timestamp: string
  readonly level: 'INFO' | 'ERROR'
  readonly message: string
}

/** A cached result of an endpoint run. */
export interface CachedResult {
  readonly fields: Readonly<Record<string, unknown>>
  readonly storedAt: Date
  readonly materializedAt: Date | null
}

/** The endpoints of the project. Deleted endpoints are hidden. */
export interface EndpointStore {
  all(): EndpointRecord[]
  /** @throws ApiError 404 when no endpoint has the name. */
  get(name: string): EndpointRecord
  has(name: string): boolean
  add(endpoint: EndpointRecord): void
  /** Log lines, newest last. */
  readonly log: LogLine[]
  /** Cached results. Each is fresh as long as the data of its endpoint. */
  readonly cache: Map<string, CachedResult>
}

/** The collection of endpoints. */
export const ENDPOINTS: CollectionKind<EndpointRecord> = { name: 'endpoints', ids: 'uuid' }

const DATES = new Set(['createdAt', 'updatedAt', 'lastExecutedAt', 'builtAt'])

/** Opens the endpoints in a collection. */
export function createEndpointStore(collection: Collection<EndpointRecord>): EndpointStore {
  for (const endpoint of collection.all()) collection.change(endpoint.id, withDates(endpoint))
  const find = (name: string): EndpointRecord | undefined =>
    collection.all().find((endpoint) => endpoint.name === name && !endpoint.deleted)
  return {
    all: () => collection.all().filter((endpoint) => !endpoint.deleted),
    get: (name) => {
      const endpoint = find(name)
      if (endpoint === undefined) throw notFound()
      return endpoint
    },
    has: (name) => find(name) !== undefined,
    add: (endpoint) => {
      collection.add(endpoint)
    },
    log: [],
    cache: new Map(),
  }
}

/** Revives the dates of an endpoint, which a state file stores as text. */
function withDates({ versions, ...endpoint }: EndpointRecord): EndpointRecord {
  return {
    ...reviveDates(endpoint),
    versions: versions.map((version) => ({
      ...reviveDates(version),
      materialization: version.materialization === null ? null : reviveDates(version.materialization),
    })),
  }
}

function reviveDates<T extends object>(record: T): T {
  const entries = Object.entries(record).map(([name, value]) =>
    DATES.has(name) && typeof value === 'string' ? [name, new Date(value)] : [name, value],
  )
  // Only dates were text, so the members have the types of `T` again.
  return Object.fromEntries(entries) as T
}

/** The default version to run: the newest, active or not. */
export function newestVersion(endpoint: EndpointRecord): VersionRecord {
  const newest = endpoint.versions.at(-1)
  if (newest === undefined) throw new Error(`Endpoint ${endpoint.name} has no version`)
  return newest
}

/** The version that `?version=N` requests. Undefined without the parameter. */
export function requestedVersion(
  endpoint: EndpointRecord,
  query: URLSearchParams,
): VersionRecord | undefined {
  const requested = query.get('version')
  if (requested === null || requested === '') return undefined
  if (!/^[+-]?\d+$/.test(requested)) throw bare(400, 'version must be an integer')
  return findVersion(endpoint, Number(requested))
}

/** Finds a version by number. Throws a 404 with the bare body when it does not exist. */
export function findVersion(
  endpoint: EndpointRecord,
  number: number,
  errorFields: Readonly<Record<string, unknown>> = {},
): VersionRecord {
  const version = endpoint.versions.find((candidate) => candidate.version === number)
  if (version !== undefined) return version
  throw bare(404, `Version ${number} not found for endpoint '${endpoint.name}'`, errorFields)
}

/** The version to run, by default the newest. The 404 also names the current version. */
export function versionToRun(endpoint: EndpointRecord, number: number | undefined): VersionRecord {
  const newest = newestVersion(endpoint)
  return number === undefined ? newest : findVersion(endpoint, number, { current_version: newest.version })
}
