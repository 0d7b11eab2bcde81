import type { HogqlFunction } from './function.ts'

/**
 * Functions by name, read from a table of text. A line starts with a number of arguments: `2`, `1-3` or `0+`. Names
 * follow, each with what differs from the usual:
 *
 * - `array_agg=groupArray`: the name in ClickHouse;
 * - `quantile(1)`: the number of parameters;
 * - `lower~`: any letter case;
 * - `now@`: PostHog appends the time zone of the project.
 */
export function parseFunctionTable(
  table: string,
  shared: Pick<HogqlFunction, 'aggregate'> = {},
): ReadonlyMap<string, HogqlFunction> {
  const functions = new Map<string, HogqlFunction>()
  for (const line of table.split('\n')) {
    const [range = '', ...entries] = line.trim().split(/\s+/)
    for (const entry of entries) {
      const [name, definition] = parseEntry(entry, parseRange(range))
      functions.set(name, { ...definition, ...shared })
    }
  }
  return functions
}

const ENTRY = /^(?<name>\w+)(?:\((?<parameters>[\d+-]+)\))?(?:=(?<clickhouse>\w+))?(?<flags>[~@]*)$/

function parseEntry(entry: string, [min, max]: Range): [string, HogqlFunction] {
  const { name, parameters, clickhouse, flags } = ENTRY.exec(entry)?.groups ?? {}
  if (name === undefined || flags === undefined)
    throw new Error(`Expected an entry such as name(1)=clickhouse~@, got ${JSON.stringify(entry)}.`)
  return [
    name,
    {
      clickhouse: clickhouse ?? name,
      min,
      max,
      ...(parameters !== undefined && { parameters: parseRange(parameters) }),
      ...(!flags.includes('~') && { caseSensitive: true }),
      ...(flags.includes('@') && { timeZone: true }),
    },
  ]
}

type Range = readonly [min: number, max: number | undefined]

function parseRange(text: string): Range {
  const [, min, rest] = /^(\d+)(\+|-\d+)?$/.exec(text) ?? []
  if (min === undefined)
    throw new Error(`Expected a range such as 2, 1-3 or 0+, got ${JSON.stringify(text)}.`)
  if (rest === '+') return [Number(min), undefined]
  return [Number(min), rest === undefined ? Number(min) : Number(rest.slice(1))]
}
