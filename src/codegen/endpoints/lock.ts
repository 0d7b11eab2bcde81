import { createHash } from 'node:crypto'
import type { EndpointDescription } from './describe-endpoint.ts'
import { byCodeUnit, endpointIdentifiers, isIdentifier, typeName } from './identifier.ts'
import { LockError } from './lock-error.ts'
import { isObject } from './reading.ts'
import type { EndpointSource } from './render-module.ts'

/** A variable as it was when its endpoint was pulled. */
export interface LockedVariable {
  readonly type: string
  readonly required: boolean
  readonly nullable: boolean
}

/** What the generated code relies on, of one endpoint. */
export interface LockedEndpoint {
  /** Name of the endpoint in the generated module. Another one may be written here by hand. */
  readonly identifier: string
  readonly version: number
  readonly kind: string
  readonly materialized: boolean
  /** SHA-256 over name and the other fields; changes exactly when types or the pinned version do. */
  readonly hash: string
  readonly variables: Readonly<Record<string, LockedVariable>>
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** `posthog.endpoints.lock.json`: what the generated module was made from. */
export interface EndpointsLock {
  readonly lockfileVersion: 1
  readonly host: string
  readonly projectId: string
  readonly endpoints: Readonly<Record<string, LockedEndpoint>>
}

/** The part of a locked endpoint that its types are made from. */
export type LockedContent = Omit<LockedEndpoint, 'hash' | 'identifier'>

/**
 * The lock for descriptions just pulled.
 *
 * @param identifiers of each endpoint, by name. Default: those of a first pull.
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

/** The lock as text: sorted, two spaces, a line feed at the end. */
export function renderLock({ lockfileVersion, host, projectId, endpoints }: EndpointsLock): string {
  const sorted = Object.entries(endpoints)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, { identifier, version, kind, materialized, hash, variables, columns }]) => [
      name,
      { identifier, version, kind, materialized, hash, variables, columns },
    ])
  return `${JSON.stringify({ lockfileVersion, host, projectId, endpoints: Object.fromEntries(sorted) }, null, 2)}\n`
}

/** Identifiers of the locked endpoints, by name. */
export function identifiersOf({ endpoints }: EndpointsLock): ReadonlyMap<string, string> {
  return new Map(Object.entries(endpoints).map(([name, { identifier }]) => [name, identifier]))
}

/**
 * Reads a lock file. Endpoints without an identifier, which older versions wrote, get the one that these versions gave
 * them.
 *
 * @throws LockError when it is no lock, has merge conflicts, or was changed by hand
 */
export function parseLock(text: string, file: string): EndpointsLock {
  if (/^(?:<{7}|>{7}|={7})(?: |$)/m.test(text))
    throw new LockError(file, '', 'has unresolved merge conflicts')
  const lock = parseJson(text, file)
  if (!isObject(lock)) throw new LockError(file, '', 'is no JSON object')
  const { lockfileVersion, host, projectId, endpoints } = lock
  if (lockfileVersion !== 1)
    throw new LockError(file, '/lockfileVersion', 'is not 1, the only version known here')
  if (typeof host !== 'string') throw new LockError(file, '/host', 'is not a text')
  if (typeof projectId !== 'string') throw new LockError(file, '/projectId', 'is not a text')
  if (!isObject(endpoints)) throw new LockError(file, '/endpoints', 'is no JSON object')
  const locked = new Map<string, LockedEndpoint | Omit<LockedEndpoint, 'identifier'>>()
  const kept = new Map<string, string>()
  const taken = new Map<string, string>()
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const place = `/endpoints/${name}`
    if (!isLocked(endpoint)) throw new LockError(file, place, 'is not what a pull writes')
    if (endpoint.hash !== hashOf(name, endpoint)) throw new LockError(file, place, 'was changed by hand')
    locked.set(name, endpoint)
    if (!('identifier' in endpoint)) continue
    const { identifier } = endpoint
    if (!isIdentifier(identifier)) throw new LockError(file, `${place}/identifier`, 'is not an identifier')
    const other = taken.get(typeName(identifier))
    if (other !== undefined) {
      throw new LockError(file, `${place}/identifier`, `is the identifier of "${other}" as well`)
    }
    taken.set(typeName(identifier), name)
    kept.set(name, identifier)
  }
  const identifiers = endpointIdentifiers([...locked.keys()], kept)
  const entries = [...locked].map(([name, endpoint]): [string, LockedEndpoint] => [
    name,
    { ...endpoint, identifier: identifiers.get(name) ?? name },
  ])
  return { lockfileVersion, host, projectId, endpoints: Object.fromEntries(entries) }
}

/** The part of a description that code depends on; prose is not in it. */
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
  const relied = [
    name,
    version,
    kind,
    materialized,
    Object.entries(variables)
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([variable, { type, required, nullable }]) => [variable, type, required, nullable]),
    columns.map((column) => [column.name, column.type]),
  ]
  return createHash('sha256').update(JSON.stringify(relied)).digest('hex')
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new LockError(file, '', `is no JSON (${error instanceof Error ? error.message : String(error)})`)
  }
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
