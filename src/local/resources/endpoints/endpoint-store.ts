import { notFound } from '../../http/api-error.ts'
import type { Collection, CollectionKind } from '../../store/collection.ts'
import type { EndpointRecord } from './endpoint-record.ts'

/** The endpoints of the project. */
export const ENDPOINTS: CollectionKind<EndpointRecord> = { name: 'endpoints', ids: 'uuid' }

const DATES = new Set(['createdAt', 'updatedAt', 'lastExecutedAt', 'builtAt'])

/** The endpoints of one project, deleted ones left out. */
export interface EndpointStore {
  all(): EndpointRecord[]
  /** @throws ApiError 404 when there is none with that name. */
  get(name: string): EndpointRecord
  has(name: string): boolean
  add(endpoint: EndpointRecord): void
  /** Log lines, newest last. */
  readonly log: LogLine[]
  /** Answers kept for as long as their endpoint's data counts as fresh. */
  readonly cache: Map<string, CachedAnswer>
}

/** One line of an endpoint's execution log. */
export interface LogLine {
  readonly log_source_id: string
  readonly instance_id: string
  readonly timestamp: string
  readonly level: 'INFO' | 'ERROR'
  readonly message: string
}

/** A result kept for later calls. */
export interface CachedAnswer {
  readonly fields: Readonly<Record<string, unknown>>
  readonly storedAt: Date
  readonly materializedAt: Date | null
}

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

/** Revives the dates of an endpoint, which a state file holds as text. */
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
