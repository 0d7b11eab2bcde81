import { isObject } from '../../shared/is-object.ts'
import { sha256 } from '../files.ts'
import { type FailLock, lockFailure, parseLockObject } from '../lock-file.ts'
import { byCodeUnit } from '../source-text.ts'
import { stableJson } from './endpoint-state.ts'

/** An endpoint that files pushed. */
export interface PushedEndpoint {
  /** Version after the push. */
  readonly version: number
  /** SHA-256 of the query in the file: PostHog completes queries, so that they cannot be compared later. */
  readonly query: string
  /** Set after `--prune` deactivated the endpoint. */
  readonly retired?: true
}

/** A project that files were pushed to. */
export interface PushedProject {
  readonly host: string
  readonly projectId: string
  /** Pushed endpoints by name. */
  readonly endpoints: ReadonlyMap<string, PushedEndpoint>
}

/** The content of `posthog.endpoint-files.lock.json`: which endpoints the files own, by project. */
export type PushRecord = readonly PushedProject[]

/** Path of the push record, relative to the working directory. */
export const pushRecordFile = 'posthog.endpoint-files.lock.json'

/** Returns the hash of a query in a file. */
export function hashQuery(query: unknown): string {
  return sha256(stableJson(query))
}

/** Whether the current version of an endpoint is the one that a file pushed with this query. */
export function isPushedQuery(
  pushed: PushedEndpoint | undefined,
  version: number,
  query: unknown,
): pushed is PushedEndpoint {
  return pushed?.version === version && pushed.query === hashQuery(query)
}

/** Returns the pushed endpoints of a project. */
export function pushedTo(
  record: PushRecord,
  source: Pick<PushedProject, 'host' | 'projectId'>,
): PushedProject['endpoints'] {
  return record.find((project) => isSameProject(project, source))?.endpoints ?? new Map()
}

/** Returns the record with other endpoints for one project. */
export function withProject(record: PushRecord, project: PushedProject): PushRecord {
  return [...record.filter((other) => !isSameProject(other, project)), project]
}

const isSameProject = (
  left: Pick<PushedProject, 'host' | 'projectId'>,
  right: Pick<PushedProject, 'host' | 'projectId'>,
): boolean => left.host === right.host && left.projectId === right.projectId

/** Renders a push record as sorted JSON. */
export function renderPushRecord(record: PushRecord): string {
  const projects = [...record]
    .sort((a, b) => byCodeUnit(a.host, b.host) || byCodeUnit(a.projectId, b.projectId))
    .map(({ host, projectId, endpoints }) => ({
      host,
      projectId,
      endpoints: Object.fromEntries([...endpoints].sort(([a], [b]) => byCodeUnit(a, b))),
    }))
  return `${JSON.stringify({ lockfileVersion: 1, projects }, null, 2)}\n`
}

/**
 * Parses a push record.
 *
 * @throws LockError when the file is not a push record, or has merge conflicts
 */
export function parsePushRecord(text: string, file: string): PushRecord {
  const fail: FailLock = lockFailure(file, 'typehog endpoints push')
  const { projects } = parseLockObject(text, fail)
  if (!Array.isArray(projects)) return fail('/projects', 'is not a list')
  return projects.map((project: unknown, index): PushedProject => {
    const pointer = `/projects/${index}`
    const { host, projectId, endpoints } = isObject(project) ? project : {}
    if (typeof host !== 'string' || typeof projectId !== 'string' || !isObject(endpoints)) {
      return fail(pointer, 'is invalid')
    }
    const pushed = Object.entries(endpoints).map(([name, endpoint]): [string, PushedEndpoint] => {
      if (!isPushed(endpoint)) return fail(`${pointer}/endpoints/${name}`, 'is invalid')
      return [name, endpoint]
    })
    return { host, projectId, endpoints: new Map(pushed) }
  })
}

function isPushed(value: unknown): value is PushedEndpoint {
  if (!isObject(value)) return false
  const { version, query, retired } = value
  return Number.isInteger(version) && typeof query === 'string' && (retired === undefined || retired === true)
}
