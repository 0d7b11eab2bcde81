import { AGGREGATE_FUNCTIONS } from './aggregate-functions.ts'
import type { HogqlFunction } from './function.ts'
import { nearestName } from './nearest-name.ts'
import { SCALAR_FUNCTIONS } from './scalar-functions.ts'
import { TEMPLATED_AGGREGATES, TEMPLATED_FUNCTIONS } from './templated-functions.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'

const AGGREGATIONS: ReadonlyMap<string, HogqlFunction> = new Map([
  ...AGGREGATE_FUNCTIONS,
  ...TEMPLATED_AGGREGATES,
])
const FUNCTIONS: ReadonlyMap<string, HogqlFunction> = new Map([
  ...SCALAR_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TEMPLATED_FUNCTIONS,
])

const NAMES: readonly string[] = [...FUNCTIONS.keys(), ...AGGREGATIONS.keys()].filter(
  (name) => !name.startsWith('_'),
)

/**
 * Finds a function or an aggregation by its name in HogQL. PostHog's own functions are in `posthog-functions.ts`.
 *
 * PostHog looks for the exact name first, then for the name in lower case if the function takes any letter case. It
 * looks among aggregations before functions.
 *
 * Source: `_find_function` in posthog/hogql/functions/mapping.py, `visit_call` in posthog/hogql/printer/base.py.
 */
export function findFunction(name: string): HogqlFunction | undefined {
  return findIn(AGGREGATIONS, name) ?? findIn(FUNCTIONS, name)
}

/** Finds an entry by its exact name, or by its name in lower case if it takes any letter case. */
export function findIn<T extends { readonly caseSensitive?: true }>(
  entries: ReadonlyMap<string, T>,
  name: string,
): T | undefined {
  const exact = entries.get(name)
  if (exact !== undefined) return exact
  const lower = entries.get(name.toLowerCase())
  return lower?.caseSensitive === true ? undefined : lower
}

/** Names of functions and aggregations that PostHog suggests: those without a leading underscore. */
export function functionNames(): readonly string[] {
  return NAMES
}

/**
 * The name that PostHog suggests for an unknown function: none or one. PostHog's errors are
 * `Unsupported function call 'cuont(...)'. Perhaps you meant 'count(...)'?` and, without a similar name,
 * `Unsupported function call 'x(...)'`.
 *
 * Source: `visit_call` in posthog/hogql/printer/base.py.
 */
export function nearestFunctions(name: string): readonly string[] {
  const nearest = nearestName(name, NAMES)
  return nearest === undefined ? [] : [nearest]
}
