import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine } from '../../../src/local/engine/open-engine.ts'
import type { SqlEngine } from '../../../src/local/engine/sql-engine.ts'
import { findFunction, functionNames } from '../../../src/local/hogql/functions/find-function.ts'
import {
  FUNCTIONS_NOT_LOCAL,
  POSTHOG_FUNCTIONS,
} from '../../../src/local/hogql/functions/posthog-functions.ts'

let engine: SqlEngine
beforeAll(async () => {
  engine = await openEngine(undefined, 'functions')
})
afterAll(() => engine.close())

/** A call of a HogQL function in ClickHouse. */
function call(name: string, ...values: string[]): string {
  const { clickhouse = name, suffix = [] } = findFunction(name) ?? {}
  const filled = clickhouse.replace(/\{(\d)\}/g, (_, place) => values[Number(place)] ?? '')
  return clickhouse.includes('{') ? filled : `${clickhouse}(${[...values, ...suffix].join(', ')})`
}

async function evaluate(sql: string): Promise<unknown> {
  const { rows } = await engine.query(`SELECT ${sql}`, {})
  return rows[0]?.[0]
}

const COMBINATOR = /(?:If|Array|Map|State|Merge|ForEach|OrDefault|OrNull|ArgMin|ArgMax|Distinct)$/

describe('functions in ClickHouse', () => {
  it('have a name that ClickHouse knows', async () => {
    const { rows } = await engine.query('SELECT name, case_insensitive FROM system.functions', {})
    const names = new Set(rows.map(([name]) => name))
    const insensitive = new Set(
      rows.filter(([, any]) => any === 1).map(([name]) => String(name).toLowerCase()),
    )
    const isKnown = (name: string): boolean =>
      names.has(name) ||
      insensitive.has(name.toLowerCase()) ||
      (COMBINATOR.test(name) && isKnown(name.replace(COMBINATOR, '')))
    const unknown = functionNames().filter((name) => {
      const { clickhouse = '' } = findFunction(name) ?? {}
      return !clickhouse.includes('{') && !isKnown(clickhouse) && !FUNCTIONS_NOT_LOCAL.has(name)
    })
    // PostHog accepts these as well, and ClickHouse has them as syntax or not at all.
    expect(unknown).toEqual([
      ...[
        'extractIPv4Substrings',
        'generateSeries',
        'untuple',
        'dateAdd',
        'dateSub',
        'date_add',
        'date_subtract',
      ],
      ...['timeStampAdd', 'timeStampSub', 'percentile_cont', 'percentile_disc'],
    ])
  })

  const moment = "toDateTime('2024-05-02 03:04:05', 'UTC')"
  it.each<[string, string[], unknown]>([
    ['toInt', ["'12'"], '12'],
    ['toInt', ["'x'"], null],
    ['toIntOrDefault', ["'x'", '7'], '7'],
    ['toFloatOrDefault', ["'x'", '7'], 7],
    ['toDecimal', ["'1.5'", '2'], '1.50'],
    ['toBool', ["'true'"], true],
    ['toUUID', ["'x'"], null],
    ['toDate', ["'2024-01-02'"], '2024-01-02'],
    ['date_part', ["'month'", moment], 5],
    ['date_part', ["'century'", moment], null],
    ['date_bin', ['toIntervalHour(2)', moment, "toDateTime('2024-01-01', 'UTC')"], '2024-05-02 02:00:00'],
    ['make_timestamptz', ['2024', '1', '2', '3', '4', '5', "'UTC'"], '2024-01-02 03:04:05'],
    ['timezone', ["'Europe/Paris'", moment], '2024-05-02 05:04:05'],
    ['split_part', ["'a-b-c'", "'-'", '2'], 'b'],
    ['split_part', ["'a-b-c'", "'-'", '9'], ''],
    ['isIPAddressInRange', ["'66.249.84.5'", "'66.249.80.0/20'"], 1],
    ['isIPAddressInRange', ["'no address'", "'10.0.0.0/8'"], 0],
    ['languageCodeToName', ["'pt'"], 'Portuguese'],
    ['languageCodeToName', ["'xx'"], 'Unknown'],
    ['string_agg', ["'a'", "','"], 'a'],
    ['md5', ["'a'"], '0CC175B9C0F1B6A831C399E269772661'],
  ])('computes %s(%j)', async (name, values, expected) => {
    expect(await evaluate(call(name, ...values))).toEqual(expected)
  })

  it('adds an interval of several units', async () => {
    const interval = call('make_interval', '0', '1', '2', '3', '4', '5')
    expect(await evaluate(`toDateTime('2024-01-01', 'UTC') + (${interval})`)).toBe('2024-02-03 03:04:05')
  })

  it.each([
    ['1.2.3', ['1', '2', '3']],
    ['v10.0.1-beta.1', ['10', '0', '1']],
    ['1.02.3', [null]],
    ['1.2', [null]],
  ])('computes sortableSemVer of %s', async (version, expected) => {
    const sql = POSTHOG_FUNCTIONS.get('sortablesemver')?.hogql?.[1] ?? ''
    expect(await evaluate(sql.replaceAll('{0}', `'${version}'`))).toEqual(expected)
  })
})
