import { HogqlError } from '../../hogql/hogql-error.ts'

/** PostHog's default and largest number of rows of a page. */
const DEFAULT_LIMIT = 100
const MAX_LIMIT = 50_000

/** A page of rows. */
export interface RowPage {
  readonly limit: number
  readonly offset: number
}

/** The page that a query asks for. Default: the first 100 rows. */
export function pageOf(query: Readonly<Record<string, unknown>>): RowPage {
  const { limit, offset } = query
  return {
    limit: Math.min(typeof limit === 'number' && limit > 0 ? limit : DEFAULT_LIMIT, MAX_LIMIT),
    offset: typeof offset === 'number' && offset > 0 ? offset : 0,
  }
}

/** HogQL of the page with one row more, which tells whether more rows follow. */
export function pageHogql({ limit, offset }: RowPage): string {
  return `LIMIT ${limit + 1}${offset > 0 ? ` OFFSET ${offset}` : ''}`
}

const AGGREGATE =
  /\b(?:count|sum|avg|min|max|any|anyLast|uniq\w*|median\w*|quantile\w*|group(?:Uniq)?Array\w*|arg(?:Min|Max)|topK\w*|stddev\w*|var(?:Pop|Samp)|corr|first_value|last_value)(?:If|Merge|State|Distinct|OrNull|OrDefault|Array)*\s*\(/

/** Whether a HogQL expression of a query aggregates rows. */
export function isAggregate(column: string): boolean {
  return AGGREGATE.test(column.replace(/'(?:\\.|[^'\\])*'/g, `''`))
}

/** A column without the display name after `--`. */
export function withoutLabel(column: string): string {
  return (column.split('--')[0] ?? '').trim()
}

/** A column without its alias. */
export function withoutAlias(column: string): string {
  return withoutLabel(column).replace(/\s+as\s+(?:[\w$]+|`[^`]+`|"[^"]+")$/i, '')
}

/** Name of a column in the response: its alias, or its text. */
export function columnName(column: string): string {
  const alias = /\s+as\s+([\w$]+|`[^`]+`|"[^"]+")$/i.exec(withoutLabel(column))?.[1]
  return alias === undefined ? column : alias.replace(/^[`"]|[`"]$/g, '')
}

/** The texts of an option such as `select`. @throws HogqlError when it is not a list of texts. */
export function textsOf(query: Readonly<Record<string, unknown>>, name: string): string[] {
  const value = query[name] ?? []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new HogqlError(`Expected ${name} to be a list of HogQL expressions`)
  }
  return value
}

/** The default order of a query by its columns: the largest count or aggregate first, then the newest row. */
export function defaultOrder(
  select: readonly string[],
  aggregates: readonly string[],
  newest: string,
): string | undefined {
  if (select.includes('count()')) return 'count() DESC'
  if (aggregates[0] !== undefined) return `${withoutAlias(aggregates[0])} DESC`
  if (select.includes(newest)) return `${newest} DESC`
  return select[0] === undefined ? undefined : `${withoutAlias(select[0])} ASC`
}
