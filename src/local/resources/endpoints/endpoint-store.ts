import { notFound } from '../../http/api-error.ts'
import type { EndpointRecord } from './endpoint-record.ts'

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

/** Keeps endpoints in memory. */
export function createEndpointStore(saved: readonly EndpointRecord[]): EndpointStore {
  const endpoints = [...saved]
  const find = (name: string): EndpointRecord | undefined =>
    endpoints.find((endpoint) => endpoint.name === name && !endpoint.deleted)
  return {
    all: () => endpoints.filter((endpoint) => !endpoint.deleted),
    get: (name) => {
      const endpoint = find(name)
      if (endpoint === undefined) throw notFound()
      return endpoint
    },
    has: (name) => find(name) !== undefined,
    add: (endpoint) => {
      endpoints.push(endpoint)
    },
    log: [],
    cache: new Map(),
  }
}
