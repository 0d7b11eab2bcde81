import {
  anything,
  checkOptions,
  isPlainObject,
  type OptionChecks,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { assertJsonValue } from '../../runtime/config/json-value.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { type HogQL, isHogQL } from '../../runtime/hogql/hogql.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import {
  type EndpointDefinition,
  type EndpointSchedule,
  endpointName,
  scheduleSeconds,
} from '../../shared/endpoint-definition.ts'
import { type InsightKind, insightKinds, type ResultOfKind } from '../query/insight-rows.ts'
import type { QueryByKind } from '../query/query.ts'
import {
  assertVariablesMatch,
  type DeclaredVariables,
  type EndpointVariableDeclarations,
  readDeclarations,
} from './variable-declarations.ts'

/** An endpoint that code defines: a descriptor for `endpoints.run`, and its definition for `typehog endpoints push`. */
export interface DefinedEndpoint<Variables, Row> extends Endpoint<Variables, Row> {
  /** The definition as plain data. */
  readonly definition: EndpointDefinition
}

/** Materialization of a defined endpoint: whether PostHog stores its rows in a table, or how often it refreshes them. */
export type Materialize = boolean | EndpointSchedule

/** The parts of a definition that all kinds of queries have. */
interface EndpointInput<Materialized extends Materialize> {
  /** Name in the URL: a letter, then letters, digits, `_` or `-`. Up to 128 characters. */
  readonly name: string
  readonly description?: string | undefined
  /**
   * Whether PostHog stores the rows in a table. A schedule, such as `'1hour'`, also sets how often it refreshes them;
   * PostHog's default is a day. Omit it to leave the endpoint in PostHog as it is.
   */
  readonly materialize?: Materialized | undefined
}

/** Definition of an endpoint with a HogQL query. */
export interface HogQLEndpointInput<Row, Declared, Materialized extends Materialize>
  extends EndpointInput<Materialized> {
  /** The query, with `{variables.name}` for each variable and without bound values. */
  readonly query: HogQL<Row>
  /** Declarations of the variables in the query. Default: none. */
  readonly variables?: Declared | undefined
}

/** A kind of insight that an endpoint can save. */
export type InsightEndpointKind = Exclude<InsightKind, 'HogQLQuery'>

/** Definition of an endpoint with the query of an insight. */
export interface InsightEndpointInput<
  Kind extends InsightEndpointKind,
  Property extends string,
  Materialized extends Materialize,
> extends EndpointInput<Materialized> {
  readonly query: QueryByKind<Kind> & BrokenDownBy<Property>
}

/** A query whose breakdown properties the compiler infers. */
interface BrokenDownBy<Property extends string> {
  readonly breakdownFilter?: {
    readonly breakdown?: Property | number | readonly unknown[] | null
    readonly breakdowns?:
      | readonly { readonly property: Property | number; readonly [field: string]: unknown }[]
      | null
  } | null
}

/**
 * Variables of runs of an insight endpoint: a value for each breakdown property of a trend or a retention table, and a
 * date range such as `-7d`. A materialized endpoint requires its breakdowns and has no date range.
 */
export type InsightEndpointVariables<
  Kind extends InsightEndpointKind,
  Property extends string,
  IsMaterialized extends boolean,
> = IsMaterialized extends true
  ? BreakdownOf<Kind, Property> extends infer Names extends string
    ? [Names] extends [never]
      ? Record<string, never>
      : { readonly [Name in Names]: string }
    : never
  : { readonly [Name in BreakdownOf<Kind, Property> | 'date_from' | 'date_to']?: string }

type BreakdownOf<Kind, Property extends string> = Kind extends 'TrendsQuery' | 'RetentionQuery'
  ? Property
  : never

/** Rows of an endpoint with an insight of a kind. */
export type InsightEndpointRow<Kind extends InsightEndpointKind> = ItemOf<ResultOfKind<Kind>>

type ItemOf<Result> = Result extends readonly (infer Item)[] ? Item : Result

type IsOn<Materialized extends Materialize> = [Materialized] extends [false] ? false : true

/** `hogql.text` returns a query without a row type. */
type RowOrUnknown<Row> = [Row] extends [never] ? Record<string, unknown> : Row

/**
 * Defines an endpoint in code. Its value runs at once, typed, with `endpoints.run`, at the latest version; `typehog
 * endpoints push` saves it to PostHog.
 *
 * The row type of a HogQL query is trusted.
 *
 * @throws ConfigurationError for an invalid name, bound values in the query, variables that are only used or only
 * declared, and a default value of another type
 * @example
 * const topPages = defineEndpoint({
 *   name: 'top-pages',
 *   query: hogql<{ path: string; views: number }>`
 *     select properties.$pathname as path, count() as views from events
 *     where timestamp > toDateTime({variables.since}) group by path limit {variables.max}`,
 *   variables: { since: { type: 'date' }, max: { type: 'integer', default: 10 } },
 * })
 * const { rows } = await posthog.endpoints.run(topPages, { since: '2026-01-01' })
 */
export function defineEndpoint<
  Row,
  const Declared extends EndpointVariableDeclarations = Record<never, never>,
  const Materialized extends Materialize = false,
>(
  endpoint: HogQLEndpointInput<Row, Declared, Materialized>,
): DefinedEndpoint<DeclaredVariables<Declared, IsOn<Materialized>>, RowOrUnknown<Row>>
/**
 * Defines an endpoint with the query of an insight. Its variables are the breakdown properties of the query, and
 * `date_from` and `date_to` unless it is materialized.
 *
 * @throws ConfigurationError for an invalid name, and for a query that is no insight
 * @example
 * const signups = defineEndpoint({
 *   name: 'signups',
 *   query: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'sign_up' }] },
 * })
 * const { rows } = await posthog.endpoints.run(signups, { date_from: '-30d' })
 */
export function defineEndpoint<
  Kind extends InsightEndpointKind,
  const Property extends string = never,
  const Materialized extends Materialize = false,
>(
  endpoint: InsightEndpointInput<Kind, Property, Materialized>,
): DefinedEndpoint<InsightEndpointVariables<Kind, Property, IsOn<Materialized>>, InsightEndpointRow<Kind>>
export function defineEndpoint(endpoint: unknown): DefinedEndpoint<unknown, unknown> {
  if (!isPlainObject(endpoint)) throw unexpected('The argument of `defineEndpoint`', endpoint, 'an object')
  checkOptions('defineEndpoint', endpoint, checks)
  if (endpoint['name'] === undefined) {
    throw unexpected('The option `name` of `defineEndpoint`', undefined, checks.name.expected)
  }
  // `checks` proves these; `readQuery` and `readDeclarations` check the others.
  const { name, description, query: given, variables, materialize } = endpoint as unknown as CheckedInput
  const query = readQuery(name, given)
  const declared = variables === undefined ? [] : readDeclarations(name, variables)
  if (query.query !== undefined) {
    assertVariablesMatch(
      name,
      query.query,
      declared.map((variable) => variable.name),
    )
  } else if (variables !== undefined) {
    throw new ConfigurationError({
      message: `Endpoint "${name}" is an insight of kind ${query.kind} with \`variables\`; only HogQL queries declare variables.`,
      fix: 'Remove `variables`: the variables of an insight are its breakdown properties, `date_from` and `date_to`.',
    })
  }
  const definition: EndpointDefinition = {
    name,
    ...(description === undefined ? {} : { description }),
    query,
    variables: declared,
    ...(materialize === undefined ? {} : { materialization: materialization(materialize) }),
  }
  const materialized = definition.materialization?.enabled === true
  return { name, kind: query.kind, materialized, columns: [], definition }
}

/** A definition whose plain fields are checked. */
interface CheckedInput extends EndpointInput<Materialize> {
  readonly query: unknown
  readonly variables: unknown
}

const checks: OptionChecks<CheckedInput> = {
  name: {
    accepts: (value) => typeof value === 'string' && endpointName.test(value),
    expected: 'a letter, then letters, digits, _ or -, up to 128 characters',
  },
  description: { accepts: (value) => typeof value === 'string', expected: 'a string' },
  query: anything,
  variables: anything,
  materialize: {
    accepts: (value) =>
      typeof value === 'boolean' || (typeof value === 'string' && Object.hasOwn(scheduleSeconds, value)),
    expected: `true, false or a schedule: "${Object.keys(scheduleSeconds).join('", "')}"`,
  },
}

function materialization(materialize: Materialize): NonNullable<EndpointDefinition['materialization']> {
  if (typeof materialize === 'boolean') return { enabled: materialize }
  return { enabled: true, schedule: materialize }
}

/** Reads the query: HogQL without bound values, or an insight. */
function readQuery(name: string, query: unknown): EndpointDefinition['query'] {
  if (isHogQL(query)) {
    const values = Object.keys(query.values)
    if (values.length === 0) return { kind: 'HogQLQuery', query: query.query }
    throw new ConfigurationError({
      message: `The query of endpoint "${name}" has bound values: {${values.join('}, {')}}; expected only variables.`,
      fix: 'Write {variables.name} instead of a value and declare the variable in `variables`, or write a constant as text.',
    })
  }
  const kind: unknown = Object(query).kind
  if (!isPlainObject(query) || kind === 'HogQLQuery' || !insightKinds.some((known) => known === kind)) {
    throw unexpected(
      `The query of endpoint "${name}"`,
      kind ?? query,
      'a query that the tag `hogql` created, or the query of an insight',
      `Write hogql\`select …\`, or an object with a kind: ${insightKinds.filter((known) => known !== 'HogQLQuery').join(', ')}.`,
    )
  }
  assertJsonValue('query', query)
  return { ...query, kind: String(kind) }
}
