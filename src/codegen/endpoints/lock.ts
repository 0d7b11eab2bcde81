import { isObject } from '../../shared/is-object.ts'
import { sha256 } from '../files.ts'
import { type FailLock, lockFailure, parseLockObject } from '../lock-file.ts'
import { byCodeUnit } from '../source-text.ts'
import type { EndpointDescription } from './describe-endpoint.ts'
import { endpointIdentifiers, isIdentifier, typeName } from './identifiers.ts'
import type { EndpointSource } from './render-module.ts'

/** A variable at the time of the pull. */
export interface LockedVariable {
  readonly type: string
  readonly required: boolean
  readonly nullable: boolean
}

/** The properties of an endpoint that its generated code depends on. */
export interface LockedEndpoint {
  /** Name of the endpoint in the generated module. You may edit it. */
  readonly identifier: string
  readonly version: number
  readonly kind: string
  readonly materialized: boolean
  /** SHA-256 of the name and the fields that the types depend on. */
  readonly hash: string
  readonly variables: Readonly<Record<string, LockedVariable>>
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** The content of `posthog.endpoints.lock.json`: the input of the generated module. */
export interface EndpointsLock {
  readonly lockfileVersion: 1
  readonly host: string
  readonly projectId: string
  readonly endpoints: Readonly<Record<string, LockedEndpoint>>
}

/** The part of a locked endpoint that its types depend on. */
export type LockedContent = Omit<LockedEndpoint, 'hash' | 'identifier'>

/**
 * Creates the lock for pulled endpoints.
 *
 * @param identifiers names in the module, by endpoint name. Default: the names of a first pull
 */
export function createLock(
  descriptions: readonly EndpointDescription[],
  { host, projectId }: EndpointSource,
  identifiers: ReadonlyMap<string, string> = endpointIdentifiers(descriptions.map(({ name }) => name)),
): EndpointsLock {
  const sorted = [...descriptions].sort((a, b) => byCodeUnit(a.name, b.name))
  const endpoints: [string, LockedEndpoint][] = []
  for (const description of sorted) {
    const { name } = description
    const content = contentOf(description)
    const identifier = identifiers.get(name) ?? name
    endpoints.push([name, { identifier, ...content, hash: hashOf(name, content) }])
  }
  return { lockfileVersion: 1, host, projectId, endpoints: Object.fromEntries(endpoints) }
}

/** Renders a lock as sorted JSON. */
export function renderLock({ lockfileVersion, host, projectId, endpoints }: EndpointsLock): string {
  const sorted = Object.entries(endpoints)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, { identifier, version, kind, materialized, hash, variables, columns }]) => [
      name,
      { identifier, version, kind, materialized, hash, variables, columns },
    ])
  return `${JSON.stringify({ lockfileVersion, host, projectId, endpoints: Object.fromEntries(sorted) }, null, 2)}\n`
}

/** Returns the identifiers of the locked endpoints, by name. */
export function identifiersOf({ endpoints }: EndpointsLock): ReadonlyMap<string, string> {
  return new Map(Object.entries(endpoints).map(([name, { identifier }]) => [name, identifier]))
}

/**
 * Parses a lock file. Older versions of Typehog wrote no identifiers; their endpoints get the original identifiers.
 *
 * @throws LockError when the file is not a lock, has merge conflicts or was edited
 */
export function parseLock(text: string, file: string): EndpointsLock {
  const fail: FailLock = lockFailure(file, 'typehog endpoints pull')
  const { host, projectId, endpoints } = parseLockObject(text, fail)
  if (typeof host !== 'string') return fail('/host', 'is not a string')
  if (typeof projectId !== 'string') return fail('/projectId', 'is not a string')
  if (!isObject(endpoints)) return fail('/endpoints', 'is not a JSON object')
  const locked = new Map<string, LockedEndpoint | Omit<LockedEndpoint, 'identifier'>>()
  const existing = new Map<string, string>()
  const taken = new Map<string, string>()
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const place = `/endpoints/${name}`
    if (!isLocked(endpoint)) fail(place, 'is invalid')
    if (endpoint.hash !== hashOf(name, endpoint)) fail(place, 'was edited: its hash does not match')
    locked.set(name, endpoint)
    if (!('identifier' in endpoint)) continue
    const { identifier } = endpoint
    if (typeof identifier !== 'string' || !isIdentifier(identifier))
      return fail(`${place}/identifier`, 'is not an identifier')
    const other = taken.get(typeName(identifier))
    if (other !== undefined) {
      fail(`${place}/identifier`, `is also the identifier of "${other}"`)
    }
    taken.set(typeName(identifier), name)
    existing.set(name, identifier)
  }
  const identifiers = endpointIdentifiers([...locked.keys()], existing)
  const entries = [...locked].map(([name, endpoint]): [string, LockedEndpoint] => [
    name,
    { ...endpoint, identifier: identifiers.get(name) ?? name },
  ])
  return { lockfileVersion: 1, host, projectId, endpoints: Object.fromEntries(entries) }
}

/** Returns the part of a description that the types depend on. Descriptive text is not included. */
export function contentOf(description: EndpointDescription): LockedContent {
  const { version, kind, materialized, columns } = description
  const variables = [...description.variables]
    .sort((a, b) => byCodeUnit(a.name, b.name))
    .map(({ name, type, required, nullable }) => [name, { type, required, nullable }] as const)
  return {
    version,
    kind,
    materialized,
    variables: Object.fromEntries(variables),
    columns: columns.map(({ name, type }) => ({ name, type })),
  }
}

function hashOf(name: string, content: LockedContent): string {
  const { version, kind, materialized, variables, columns } = content
  const hashed = [
    name,
    version,
    kind,
    materialized,
    Object.entries(variables)
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([variable, { type, required, nullable }]) => [variable, type, required, nullable]),
    columns.map((column) => [column.name, column.type]),
  ]
  return sha256(JSON.stringify(hashed))
}

function isLocked(value: unknown): value is LockedEndpoint | Omit<LockedEndpoint, 'identifier'> {
  if (!isObject(value)) return false
  const { identifier = '', version, kind, materialized, hash, variables, columns } = value
  return (
    typeof identifier === 'string' &&
    Number.isInteger(version) &&
    typeof kind === 'string' &&
    typeof materialized === 'boolean' &&
    typeof hash === 'string' &&
    isObject(variables) &&
    Object.values(variables).every(isLockedVariable) &&
    Array.isArray(columns) &&
    columns.every(
      (column) =>
        isObject(column) && typeof column['name'] === 'string' && typeof column['type'] === 'string',
    )
  )
}

function isLockedVariable(value: unknown): boolean {
  if (!isObject(value)) return false
  return (
    typeof value['type'] === 'string' &&
    typeof value['required'] === 'boolean' &&
    typeof value['nullable'] === 'boolean'
  )
}
