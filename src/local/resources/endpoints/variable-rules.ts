import { invalid } from '../../http/api-error.ts'
import { findByCodeName, type InsightVariable } from '../variables/insight-variable.ts'
import { breakdownsOf } from './breakdowns.ts'
import { queryVariables, type SavedQuery, type VersionRecord } from './endpoint-record.ts'

/** Variables as a caller sent them. */
export type SentVariables = Readonly<Record<string, unknown>>

/**
 * Checks the names that a caller sent against those the version takes.
 *
 * The rule looks at the version's setting, not at what will serve: a stale table still demands every variable.
 *
 * @throws ApiError 400 on `variables`, naming every offender.
 */
export function checkVariables(version: VersionRecord, sent: SentVariables): void {
  const allowed = allowedNames(version)
  const unknown = Object.keys(sent)
    .filter((name) => !allowed.includes(name))
    .sort()
  if (unknown.length > 0) throw invalid('variables', `Unknown variable(s): ${unknown.join(', ')}`)
  const missing = requiredNames(version)
    .filter((name) => !Object.hasOwn(sent, name) || sent[name] === null)
    .sort()
  if (missing.length > 0) {
    const names = missing.map((name) => `'${name}'`).join(', ')
    throw invalid('variables', `Required variable(s) ${names} not provided`)
  }
}

function allowedNames(version: VersionRecord): string[] {
  if (version.query.kind === 'HogQLQuery')
    return queryVariables(version.query).map(({ code_name }) => code_name)
  const breakdowns = breakdownsOf(version.query).map(({ property }) => property)
  return version.materialization === null ? [...breakdowns, 'date_from', 'date_to'] : breakdowns
}

function requiredNames(version: VersionRecord): string[] {
  if (version.materialization === null) return []
  if (version.query.kind === 'HogQLQuery')
    return queryVariables(version.query).map(({ code_name }) => code_name)
  const optional = version.optionalBreakdowns
  return breakdownsOf(version.query)
    .map(({ property }) => property)
    .filter((property) => !optional.includes(property))
}

/**
 * The values of a HogQL query's placeholders: what was sent, else what is stored with the query, else the project's
 * default, else NULL. Nothing is converted.
 */
export function placeholderValues(
  query: SavedQuery,
  sent: SentVariables,
  project: ReadonlyMap<string, InsightVariable>,
): Map<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(query['values'] ?? {}))
  for (const variable of queryVariables(query)) {
    const name = variable.code_name
    const stored = variable.isNull === true ? null : variable.value
    const fallback = variable.isNull === true ? null : findByCodeName(project, name)?.default_value
    values.set(`variables.${name}`, Object.hasOwn(sent, name) ? sent[name] : (stored ?? fallback ?? null))
  }
  return values
}
