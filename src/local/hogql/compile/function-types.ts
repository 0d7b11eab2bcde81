import type { HogqlType } from '../../../hogql/schema/table.ts'
import type { Sql } from './sql.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

// Functions that return the type of their first argument.
const FIRST = words(`
  min max any anyLast anyHeavy argMin argMax minIf maxIf anyIf anyLastIf argMinIf argMaxIf ifNull nullIf coalesce
  assumeNotNull toNullable greatest least lag lead lagInFrame leadInFrame first_value last_value nth_value abs
  subtractDays subtractHours subtractMonths subtractWeeks subtractYears subtractMinutes subtractSeconds addDays
  addHours addMonths addWeeks addYears addMinutes addSeconds toTimeZone toTimezone
`)
const DATE_TIMES =
  /^(?:toStartOf(?:Second|Minute|FiveMinutes?|TenMinutes|FifteenMinutes|Hour|Day|Interval)|toDateTime.*|now.*|parseDateTime.*|fromUnixTimestamp.*|dateTrunc|date_trunc|makeDateTime.*|to_timestamp|date_bin|timestamp|UUIDv7ToDateTime)$/i
const DATES =
  /^(?:toDate|to_date|toDateOrNull|toStartOf(?:Week|Month|Quarter|Year|ISOYear)|toMonday|toLastDayOf\w+|today|yesterday|makeDate|current_date)$/i
const INTEGERS =
  /^(?:count.*|uniq.*|length|toInt.*|toYear|toMonth|toQuarter|toDayOf\w+|toHour|toMinute|toSecond|toUnixTimestamp.*|toISO\w+|toWeek|toYYYY\w+|dateDiff|date_diff|position.*|row_number|rank|dense_rank|sign|intDiv|indexOf|bit\w+|age|JSONLength|JSONExtractInt|JSONExtractUInt|extract|ntile)$/i
const FLOATS =
  /^(?:avg.*|toFloat.*|quantile.*|median.*|stddev.*|var.*|sqrt|exp|log\d*|ln|pow|power|JSONExtractFloat|divide|rand)$/i
const TEXTS =
  /^(?:toString|concat|lower|upper|substring|substr|replace.*|trim\w*|formatDateTime|format|JSONExtractString|JSONExtractRaw|JSON_VALUE|extract|domain\w*|path\w*|cutQuery\w*|cutURL\w*|arrayStringConcat|left|right|leftPad|rightPad|hex|base64\w+|encode\w+|decode\w+|monthName|dateName|reverse|repeat|splitPart|topLevelDomain|protocol|queryString|fragment|extractURLParameter|MD5|char|visitParamExtractString|toNullableString|reinterpretAsString)$/i
const FLAGS =
  /^(?:isNull|isNotNull|empty|notEmpty|has|hasAny|hasAll|startsWith|endsWith|match|multiMatchAny|not|and|or|xor|JSONHas|JSONExtractBool|toBool|isNaN|isFinite|isInfinite|equals|notEquals|less|greater|lessOrEquals|greaterOrEquals|like|ilike|notLike|notILike|in|notIn|arrayExists|arrayAll)$/

// Functions whose result is never NULL, whatever their arguments are.
const NEVER_NULL = words(
  'isNull isNotNull isZeroOrNull count countIf uniq uniqIf uniqExact uniqExactIf assumeNotNull now today yesterday tuple array groupArray groupUniqArray',
)

/** Type of a function's value by its name in HogQL and its arguments. */
export function functionType(name: string, args: readonly Sql[]): HogqlType {
  const [first, second] = args
  if (name === 'if' || name === 'multiIf')
    return known(name === 'if' ? args.slice(1) : args.filter((_, index) => index % 2 === 1))
  if (name === 'coalesce' || name === 'ifNull' || name === 'least' || name === 'greatest') return known(args)
  if (FIRST.has(name)) return first?.type ?? 'Unknown'
  if (name === 'plus' || name === 'minus' || name === 'multiply' || name === 'modulo')
    return arithmeticType(first, second)
  if (name === 'sum' || name === 'sumIf') return first?.type ?? 'Unknown'
  if (DATE_TIMES.test(name)) return 'DateTime'
  if (DATES.test(name)) return 'Date'
  if (TEXTS.test(name)) return 'String'
  if (FLOATS.test(name)) return 'Float'
  if (INTEGERS.test(name)) return 'Integer'
  return FLAGS.test(name) ? 'Boolean' : 'Unknown'
}

function known(args: readonly Sql[]): HogqlType {
  return args.find(({ type }) => type !== 'Unknown')?.type ?? 'Unknown'
}

/** Type of a sum, difference or product. */
export function arithmeticType(left: Sql | undefined, right: Sql | undefined): HogqlType {
  const types = [left?.type, right?.type]
  const isTime = (type: HogqlType | undefined): boolean => type === 'DateTime' || type === 'Date'
  if (types.every(isTime)) return 'Integer'
  const time = types.find(isTime)
  if (time !== undefined) return time
  if (types.every((type) => type === 'Integer')) return 'Integer'
  return types.includes('Float') ? 'Float' : 'Unknown'
}

/** Whether a function's value may be NULL, by its name in ClickHouse and its arguments. */
export function functionNullable(name: string, clickhouse: string, args: readonly Sql[]): boolean {
  if (NEVER_NULL.has(name)) return false
  if (/OrNull/.test(clickhouse) || name === 'nullIf' || name === 'toNullable') return true
  if (name === 'ifNull') return args.at(-1)?.nullable ?? true
  if (name === 'coalesce') return args.every(({ nullable }) => nullable)
  return args.some(
    ({ nullable, sql, isConstant }) => nullable || (isConstant === true && sql.includes('Nullable')),
  )
}
