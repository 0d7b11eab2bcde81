import { stringLiteral } from '../../engine/sql-values.ts'
import type { Compiler } from './context.ts'
import type { JsonPath, Sql } from './sql.ts'

/**
 * Reads a key of JSON text as PostHog does: as text without the quotes around it, NULL when it is missing or null. A
 * property with a definition gets the type of its definition.
 *
 * Source: PostHog/posthog posthog/hogql/printer and posthog/hogql/transforms/property_types.py.
 */
export function readJson(compiler: Compiler, json: JsonPath): Sql {
  const { column, path, owner } = json
  const keys = path.map((key) => (typeof key === 'number' ? String(key) : stringLiteral(key))).join(', ')
  const text = `replaceRegexpAll(nullIf(nullIf(JSONExtractRaw(${column}, ${keys}), ''), 'null'), '^"|"$', '')`
  const [name] = path
  const type =
    owner === undefined || path.length !== 1 || typeof name !== 'string'
      ? undefined
      : compiler.options.propertyType(owner, name)
  if (type === 'Numeric')
    return { sql: `accurateCastOrNull(${text}, 'Float64')`, type: 'Float', nullable: true, json }
  if (type === 'Boolean') {
    const sql = `toBool(transform(toString(${text}), ['true', 'false'], [1, 0], NULL))`
    return { sql, type: 'Boolean', nullable: true, json }
  }
  if (type === 'DateTime') {
    const zone = stringLiteral(compiler.options.convertTimeZone ? compiler.options.timeZone : 'UTC')
    return {
      sql: `parseDateTime64BestEffortOrNull(${text}, 6, ${zone})`,
      type: 'DateTime',
      nullable: true,
      json,
    }
  }
  return { sql: text, type: 'String', nullable: true, json }
}
