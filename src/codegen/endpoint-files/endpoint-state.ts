import type { EndpointDefinition, EndpointVariableType } from '../../shared/endpoint-definition.ts'
import { isObject } from '../../shared/is-object.ts'
import { DocumentReader } from '../endpoints/document-reader.ts'
import { byCodeUnit, normalizeLines } from '../source-text.ts'
import { isPlainHogql } from './endpoint-file.ts'
import { defaultSchedule, toSchedule } from './schedule.ts'
import { fileType, guessType, isCompatible, type ProjectVariable } from './variable-types.ts'

/** A variable in the query of an endpoint. */
export interface StateVariable {
  readonly name: string
  /** The value of runs that send none. Null when there is none. */
  readonly value: unknown
}

/** An endpoint as PostHog has it. */
export interface EndpointState {
  readonly name: string
  readonly description: string
  /** The query without its variables and without fields that are null. */
  readonly query: EndpointDefinition['query']
  readonly variables: readonly StateVariable[]
  /** Also true for a table that PostHog has dropped while nobody runs the endpoint, and rebuilds with the next run. */
  readonly materialized: boolean
  readonly freshnessSeconds: unknown
  readonly version: number
  readonly isActive: boolean
  /** Page of the endpoint in PostHog's app. */
  readonly uiUrl: string | undefined
}

/**
 * Reads an endpoint of the API.
 *
 * @throws EndpointDescriptionError when it is invalid
 */
export function readEndpointState(value: unknown): EndpointState {
  const reader = new DocumentReader(value, 'endpoint')
  const name = reader.string('/name')
  reader.endpoint = name
  const { variables, response: _, version: format, ...query } = reader.object('/query')
  const kind = reader.string('/query/kind')
  const text = query['query']
  const settings = isObject(value) ? value : {}
  return {
    name,
    description: reader.optionalString('/description') ?? '',
    query: {
      // The number of the format matters for kinds whose format changed. HogQL is text.
      ...withoutNulls(kind === 'HogQLQuery' ? query : { ...query, version: format }),
      kind,
      ...(typeof text === 'string' ? { query: normalizeLines(text) } : {}),
    },
    variables: readVariables(variables),
    materialized:
      reader.boolean('/is_materialized', false) ||
      (reader.has('/materialization') && reader.object('/materialization')['hibernated'] === true),
    freshnessSeconds: settings['data_freshness_seconds'],
    version: reader.positiveInteger(reader.has('/version') ? '/version' : '/current_version'),
    isActive: reader.boolean('/is_active', true),
    uiUrl: reader.optionalString('/ui_url'),
  }
}

function readVariables(variables: unknown): StateVariable[] {
  return Object.values(isObject(variables) ? variables : {}).flatMap((variable) => {
    if (!isObject(variable) || typeof variable['code_name'] !== 'string') return []
    return [{ name: variable['code_name'], value: variable['value'] ?? null }]
  })
}

function withoutNulls(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => [key, withoutNestedNulls(item)]),
  )
}

function withoutNestedNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNestedNulls)
  return isObject(value) ? withoutNulls(value) : value
}

/**
 * Returns the definition of an endpoint of PostHog.
 *
 * @param project the SQL variables of the project by code name. Types of unknown ones are guessed from their values
 * @param existing a definition whose names of types and written defaults stay where they mean the same
 */
export function toDefinition(
  state: EndpointState,
  project: ReadonlyMap<string, ProjectVariable>,
  existing?: EndpointDefinition,
): EndpointDefinition {
  const { name, description, query, materialized } = state
  const schedule = toSchedule(state.freshnessSeconds)
  // The freshness of an endpoint without a table is the age of its cache. PostHog's CLI does not write it.
  const hasSchedule = schedule !== undefined && (materialized || schedule !== defaultSchedule)
  return {
    name,
    ...(description === '' ? {} : { description }),
    query,
    variables: inQueryOrder(state).map(({ name: variable, value }) => {
      const known = project.get(variable)
      const declared = existing?.variables.find((candidate) => candidate.name === variable)
      // A file may leave out a default that is the project's own: PostHog fills it in.
      const isLeftOut =
        declared !== undefined && declared.default === undefined && isSame(value, known?.defaultValue)
      return {
        name: variable,
        type: typeOf(value, known, declared),
        ...(value === null || isLeftOut ? {} : { default: value }),
      }
    }),
    ...(materialized || hasSchedule
      ? { materialization: { enabled: materialized, ...(hasSchedule ? { schedule } : {}) } }
      : {}),
  }
}

function typeOf(
  value: unknown,
  known: ProjectVariable | undefined,
  declared: EndpointDefinition['variables'][number] | undefined,
): EndpointVariableType {
  if (known === undefined) return declared?.type ?? guessType(value)
  return declared !== undefined && isCompatible(declared.type, known) ? declared.type : fileType(known.type)
}

/** Sorts variables by their first use in the query. PostHog's database does not keep an order. */
function inQueryOrder({ query, variables }: EndpointState): StateVariable[] {
  const text = isPlainHogql({ query }) ? (query.query ?? '') : ''
  const position = (name: string): number => text.indexOf(`variables.${name}}`)
  return [...variables].sort((a, b) => position(a.name) - position(b.name) || byCodeUnit(a.name, b.name))
}

/** Whether two JSON values are equal, apart from the order of keys. */
export function isSame(left: unknown, right: unknown): boolean {
  return stableJson(left) === stableJson(right)
}

/** Renders a JSON value with sorted keys. */
export function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value ?? null, (_, item: unknown) => (isObject(item) ? sorted(item) : item), indent)
}

function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => byCodeUnit(a, b)))
}
