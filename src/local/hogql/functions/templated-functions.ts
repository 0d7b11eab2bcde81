import type { HogqlFunction } from './function.ts'
import { LANGUAGES } from './language-names.ts'

/*
 * Functions of HogQL that are more than another name. A `clickhouse` with `{0}` is a template of ClickHouse SQL over the
 * arguments. PostHog fills templates before it looks at parameters or the time zone.
 *
 * Source: posthog/hogql/functions of PostHog/posthog (clickhouse/conversions.py, clickhouse/datetime.py,
 * clickhouse/strings.py, aggregations.py, ip.py, mapping.py). The SQL is our own.
 */

const INTEGER = cast('Int64')
const FLOAT = cast('Float64')
// With one argument, PostHog uses another function: see `WITH_ONE_ARGUMENT`.
const INTEGER_OR_DEFAULT = template("toInt64OrDefault({0}, accurateCast({1}, 'Int64'))", 1, 2)
const FLOAT_OR_DEFAULT = template("toFloat64OrDefault({0}, accurateCast({1}, 'Float64'))", 1, 2)
const DATE: HogqlFunction = {
  ...template('toDateOrNull', 1),
  overloads: { DateTime: 'toDate', Date: 'toDate', Integer: 'toDate', Float: 'toDate' },
}

/** Functions with a template, other names by type, or arguments that PostHog appends. */
export const TEMPLATED_FUNCTIONS: ReadonlyMap<string, HogqlFunction> = new Map<string, HogqlFunction>([
  ['toInt', INTEGER],
  ['toIntOrNull', INTEGER],
  ['toInt64', INTEGER],
  ['toInt64OrNull', INTEGER],
  ['toIntOrDefault', INTEGER_OR_DEFAULT],
  ['toInt64OrDefault', INTEGER_OR_DEFAULT],
  ['toFloat', FLOAT],
  ['toFloatOrNull', FLOAT],
  ['toFloat64', FLOAT],
  ['toFloat64OrNull', FLOAT],
  ['toFloatOrDefault', FLOAT_OR_DEFAULT],
  ['toFloat64OrDefault', FLOAT_OR_DEFAULT],
  // The second argument must be a constant. PostHog: "Suffix argument 'Decimal64({0})' expects ast.Constant arguments, …"
  ['toDecimal', template("accurateCastOrNull({0}, 'Decimal64({1})')", 2)],
  ['toBool', cast('Bool')],
  ['toUUID', cast('UUID')],
  ['toNullableString', cast('Nullable(String)')],
  ['toDate', DATE],
  ['to_date', DATE],
  [
    'toDateTime',
    {
      ...template('parseDateTime64BestEffortOrNull', 1, 2),
      timeZone: true,
      overloads: {
        DateTime: 'toDateTime',
        Date: 'toDateTime',
        Integer: 'toDateTime',
        Float: 'toDateTime',
      },
    },
  ],
  ['date_bin', { ...template('toStartOfInterval({1}, {0}, {2})', 3), timeZone: true }],
  ['date_part', template(datePart(), 2)],
  ['to_timestamp', { ...template('toDateTime(fromUnixTimestamp({0}))', 1, 2), timeZone: true }],
  [
    'make_interval',
    template(
      'toIntervalYear({0}) + toIntervalMonth({1}) + toIntervalDay({2}) + ' +
        'toIntervalHour({3}) + toIntervalMinute({4}) + toIntervalSecond({5})',
      6,
    ),
  ],
  [
    'make_timestamptz',
    { ...template('toTimeZone(makeDateTime({0}, {1}, {2}, {3}, {4}, {5}), {6})', 7), timeZone: true },
  ],
  ['timezone', { ...template('toTimeZone({1}, {0})', 2), timeZone: true }],
  ['split_part', template('arrayElement(splitByString({1}, {0}), {2})', 3)],
  // Text that is no address is in no range.
  [
    'isIPAddressInRange',
    template(
      'isIPAddressInRange(if(' +
        "isIPv4String(ifNull(toString({0}), '')) OR isIPv6String(ifNull(toString({0}), '')), " +
        "ifNull(toString({0}), ''), '::'), {1})",
      2,
    ),
  ],
  [
    'languageCodeToName',
    {
      ...template('transform', 1),
      suffix: [sqlTexts(Object.keys(LANGUAGES)), sqlTexts(Object.values(LANGUAGES)), "'Unknown'"],
    },
  ],
])

/** Aggregations with a template. PostHog counts `md5` among them. */
export const TEMPLATED_AGGREGATES: ReadonlyMap<string, HogqlFunction> = new Map<string, HogqlFunction>([
  ['json_agg', { ...template('toJSONString(groupArray({0}))', 1), aggregate: true }],
  ['string_agg', { ...template('arrayStringConcat(groupArray({0}), {1})', 2), aggregate: true }],
  ['every', { ...template('toBool(min({0}))', 1), aggregate: true }],
  ['md5', { ...template('hex(MD5({0}))', 1), aggregate: true }],
])

/**
 * The function that PostHog uses instead when a call has a single argument.
 * Source: posthog/hogql/functions/clickhouse/conversions.py.
 */
export const WITH_ONE_ARGUMENT: Readonly<Record<string, string>> = {
  toIntOrDefault: 'toIntOrZero',
  toInt64OrDefault: 'toInt64OrZero',
  toFloatOrDefault: 'toFloatOrZero',
  toFloat64OrDefault: 'toFloat64OrZero',
}

/** Functions whose first argument PostHog converts to a DateTime in UTC. Source: posthog/hogql/functions/config.py. */
export const FIRST_ARGUMENT_IS_DATETIME: ReadonlySet<string> = new Set([
  'tumble',
  'tumbleStart',
  'tumbleEnd',
  'hop',
  'hopStart',
  'hopEnd',
])

function template(clickhouse: string, min: number, max: number = min): HogqlFunction {
  return { clickhouse, min, max, caseSensitive: true }
}

/** A conversion that returns NULL for what cannot be converted. */
function cast(type: string): HogqlFunction {
  return { ...template('accurateCastOrNull', 1), suffix: [`'${type}'`] }
}

function datePart(): string {
  const parts = {
    year: 'toYear',
    month: 'toMonth',
    day: 'toDayOfMonth',
    hour: 'toHour',
    minute: 'toMinute',
    second: 'toSecond',
    dow: 'toDayOfWeek',
    doy: 'toDayOfYear',
    quarter: 'toQuarter',
  }
  const branches = Object.entries(parts).map(([part, name]) => `{0} = '${part}', ${name}({1})`)
  return `multiIf(${branches.join(', ')}, NULL)`
}

function sqlTexts(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(', ')}]`
}
