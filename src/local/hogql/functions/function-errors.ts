import { nearestFunctions } from './find-function.ts'
import type { HogqlFunction } from './function.ts'

/*
 * Messages of PostHog for calls that it rejects. Each is the detail of a 400 with code `hogql_error`.
 *
 * Source: posthog/hogql/functions/core.py (`validate_function_args`) and posthog/hogql/printer/base.py (`visit_call`) of
 * PostHog/posthog.
 */

/** A call of a name that is no function. Suggests the most similar one. */
export function unknownFunction(name: string): string {
  const [nearest] = nearestFunctions(name)
  const suggestion = nearest === undefined ? '' : `. Perhaps you meant '${nearest}(...)'?`
  return `Unsupported function call '${name}(...)'${suggestion}`
}

/**
 * What is wrong with the number of arguments or parameters of a call, or undefined. PostHog does not count the arguments
 * of positional templates, and does not look at parameters of a function that requires none.
 *
 * @param name The name as written.
 */
export function countError(
  name: string,
  { aggregate, min, max, parameters }: Pick<HogqlFunction, 'aggregate' | 'min' | 'max' | 'parameters'>,
  counts: { readonly arguments: number; readonly parameters: number | undefined },
): string | undefined {
  const called = `${aggregate === true ? 'Aggregation' : 'Function'} '${name}'`
  const wrong = rangeError(called, 'argument', min, max, counts.arguments)
  if (wrong !== undefined || parameters === undefined) return wrong
  if (counts.parameters === undefined) return `${called} requires parameters in addition to arguments`
  return rangeError(called, 'parameter', parameters[0], parameters[1], counts.parameters)
}

function rangeError(
  called: string,
  term: string,
  min: number,
  max: number | undefined,
  found: number,
): string | undefined {
  if (found >= min && (max === undefined || found <= max)) return undefined
  const bound = found < min ? min : (max ?? min)
  const degree = min === max ? '' : found < min ? 'at least ' : 'at most '
  return `${called} expects ${degree}${bound} ${term}${bound === 1 ? '' : 's'}, found ${found}`
}

/** A template such as `json_agg` with another number of arguments than it has places. */
export function templateCountError(name: string, places: number): string {
  return `Function '${name}' requires exactly ${places} argument${places === 1 ? '' : 's'}`
}

/** `equals`, `like`, `in` and other comparisons with another number of arguments than two. */
export function comparisonCountError(name: string): string {
  return `Comparison '${name}' requires exactly two arguments`
}

/** An aggregation inside another one, outside a subquery. */
export function nestedAggregation(inner: string, outer: string): string {
  return `Aggregation '${inner}' cannot be nested inside another aggregation '${outer}'.`
}

/** `arrayReduce` with an aggregation that PostHog does not allow there. */
export function unsupportedReduction(name: string, aggregation: string): string {
  return `Invalid parametric function in '${name}', '${aggregation}' is not supported.`
}

/** `arrayReduce` without a constant string as its first argument. `found` is PostHog's class of the node, such as `Field`. */
export function reductionNotText(name: string, found: string): string {
  return `Expected constant string as first arg in function '${name}', got ${found}`
}

/** A call with WITHIN GROUP (ORDER BY …). */
export function withinGroupError(name: string): string {
  return `Aggregation '${name}' with WITHIN GROUP is not supported in ClickHouse dialect`
}
