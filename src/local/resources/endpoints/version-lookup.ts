import { bare } from '../../http/api-error.ts'
import { type EndpointRecord, newestVersion, type VersionRecord } from './endpoint-record.ts'

/** The version that `?version=N` names; undefined without it. */
export function askedVersion(endpoint: EndpointRecord, query: URLSearchParams): VersionRecord | undefined {
  const asked = query.get('version')
  if (asked === null || asked === '') return undefined
  if (!/^[+-]?\d+$/.test(asked)) throw bare(400, 'version must be an integer')
  return findVersion(endpoint, Number(asked))
}

/** @throws ApiError 404 in the bare form. */
export function findVersion(endpoint: EndpointRecord, number: number): VersionRecord {
  const version = endpoint.versions.find((candidate) => candidate.version === number)
  if (version === undefined) {
    throw bare(404, `Version ${number} not found for endpoint '${endpoint.name}'`)
  }
  return version
}

/** The same for a run, whose 404 also tells the current version. */
export function versionToRun(endpoint: EndpointRecord, number: number | undefined): VersionRecord {
  if (number === undefined) return newestVersion(endpoint)
  const version = endpoint.versions.find((candidate) => candidate.version === number)
  if (version !== undefined) return version
  const current = newestVersion(endpoint).version
  throw bare(404, `Version ${number} not found for endpoint '${endpoint.name}'`, { current_version: current })
}
