import type { Field, HogqlType } from './table.ts'

/**
 * Fields by name, read from a table of text, one a line and in the order of `*`:
 *
 * - `event String`: a column; `name String?`: a column that may be NULL;
 * - `session_id_v7 Integer hidden`: not part of `*`. `team_id` never is;
 * - `id UUID <person_id`: a column with another name in the source;
 * - `deleted flag`: a hidden Boolean column `_deleted`, and its value as an integer;
 * - `issue_id := if(a, b, c)` or `id hidden := session_id`: an expression in HogQL.
 *
 * `Texts` is an array of text, `Floats` an array of numbers, and `Map` has text by name.
 */
export function parseFields(table: string): Record<string, Field> {
  const lines = table.split('\n').map((line) => line.trim())
  return Object.fromEntries(lines.filter((line) => line !== '').flatMap(parseLine))
}

const EXPRESSION = /^(?<name>\S+)(?<hidden> hidden)? := (?<hogql>.+)$/
const COLUMN = /^(?<name>\S+) (?<type>\w+)(?<nullable>\??)(?<hidden> hidden)?(?: <(?<column>\S+))?$/

const TYPES: Readonly<Record<string, HogqlType>> = {
  String: 'String',
  Integer: 'Integer',
  Float: 'Float',
  Decimal: 'Decimal',
  Boolean: 'Boolean',
  Date: 'Date',
  DateTime: 'DateTime',
  UUID: 'UUID',
  Json: 'Json',
  Texts: 'Array(String)',
  Floats: 'Array(Float64)',
  Map: 'Map(String, String)',
  Unknown: 'Unknown',
}

function parseLine(line: string): [string, Field][] {
  const expression = EXPRESSION.exec(line)?.groups
  if (expression !== undefined) return [[expression['name'] ?? '', expressionField(expression)]]
  const { name = '', type = '', nullable, hidden, column } = COLUMN.exec(line)?.groups ?? {}
  if (type === 'flag') return flagFields(name)
  const known = TYPES[type]
  if (known === undefined)
    throw new Error(`Expected a field such as "name String?", got ${JSON.stringify(line)}.`)
  const isHidden = hidden !== undefined || name === 'team_id'
  return [
    [
      name,
      {
        kind: 'column',
        type: known,
        ...(nullable === '?' && { nullable: true }),
        ...(isHidden && { hidden: true }),
        ...(column !== undefined && { column }),
      },
    ],
  ]
}

function expressionField({ hogql = '', hidden }: Partial<Record<string, string>>): Field {
  return { kind: 'expression', hogql, ...(hidden !== undefined && { hidden: true }) }
}

// PostHog shows flags of its own database as integers.
function flagFields(name: string): [string, Field][] {
  return [
    [`_${name}`, { kind: 'column', type: 'Boolean', hidden: true }],
    [name, { kind: 'expression', hogql: `toInt(_${name})` }],
  ]
}

/** Another name for a field, such as `person` for `pdi.person`. */
export function alias(...path: string[]): Field {
  return { kind: 'alias', path }
}

/** A table that is joined when one of its fields is used. */
export function join(from: string | readonly string[], table: string, to: string): Field {
  return { kind: 'join', table, on: [typeof from === 'string' ? [from] : from, [to]] }
}
