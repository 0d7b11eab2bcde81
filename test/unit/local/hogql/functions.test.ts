import { describe, expect, it } from 'vitest'
import {
  findFunction,
  findIn,
  functionNames,
  nearestFunctions,
} from '../../../../src/local/hogql/functions/find-function.ts'
import {
  countError,
  nestedAggregation,
  templateCountError,
  unknownFunction,
} from '../../../../src/local/hogql/functions/function-errors.ts'
import { parseFunctionTable } from '../../../../src/local/hogql/functions/function-table.ts'
import {
  FUNCTIONS_NOT_LOCAL,
  POSTHOG_FUNCTIONS,
} from '../../../../src/local/hogql/functions/posthog-functions.ts'

describe('the list of functions', () => {
  it('has each name once', () => {
    expect(functionNames().length).toBe(1148)
    expect(new Set(functionNames()).size).toBe(functionNames().length)
  })

  it('finds every name on it', () => {
    expect(functionNames().filter((name) => findFunction(name) === undefined)).toEqual([])
  })

  it('accepts no more arguments than it asks for, and templates use only those', () => {
    const wrong = functionNames().filter((name) => {
      const { min = 0, max = Number.POSITIVE_INFINITY, clickhouse = '' } = findFunction(name) ?? {}
      const places = [...clickhouse.matchAll(/\{(\d)\}/g)].map((match) => Number(match[1]))
      return min > max || places.some((place) => place >= max)
    })
    expect(wrong).toEqual([])
  })

  it('shares no name with the functions of PostHog', () => {
    expect([...POSTHOG_FUNCTIONS.keys()].filter((name) => findFunction(name) !== undefined)).toEqual([])
    expect(POSTHOG_FUNCTIONS.size).toBe(26)
  })

  it('names no unknown function among those that are not local', () => {
    expect([...FUNCTIONS_NOT_LOCAL.keys()].filter((name) => findFunction(name) === undefined)).toEqual([])
  })
})

describe('findFunction', () => {
  it.each([
    ['toInt', { clickhouse: 'accurateCastOrNull', min: 1, max: 1, suffix: ["'Int64'"] }],
    ['toStartOfWeek', { clickhouse: 'toStartOfWeek', min: 1, max: 2 }],
    ['array_agg', { clickhouse: 'groupArray', aggregate: true }],
    ['quantile', { parameters: [1, 1], aggregate: true }],
    ['quantilesState', { parameters: [1, undefined] }],
    ['now', { clickhouse: 'now64', min: 0, max: 1, timeZone: true }],
    ['uniq', { min: 1, max: undefined }],
    ['sumArrayOrNullIf', { clickhouse: 'sumArrayOrNullIf', min: 2, max: 2, aggregate: true }],
    ['avgArgMaxIf', { min: 3, max: 3 }],
    ['avgMapIf', { min: 2, max: 3 }],
    ['_toInt64', { clickhouse: 'toInt64' }],
    ['string_agg', { clickhouse: 'arrayStringConcat(groupArray({0}), {1})', aggregate: true }],
  ])('finds %s', (name, expected) => {
    expect(findFunction(name)).toMatchObject(expected)
  })

  it('takes any letter case where ClickHouse does', () => {
    expect(findFunction('COUNT')).toBe(findFunction('count'))
    expect(findFunction('isNull')?.clickhouse).toBe('isNull')
    expect(findFunction('LOWER')?.clickhouse).toBe('lower')
    expect(findIn(POSTHOG_FUNCTIONS, 'sortableSemVer')?.min).toBe(1)
  })

  it('requires the exact case elsewhere', () => {
    expect(findFunction('tostring')).toBeUndefined()
    expect(findFunction('ISNOTNULL')).toBeUndefined()
    expect(findFunction('MD5')?.aggregate).toBeUndefined()
    expect(findFunction('Md5')).toBeUndefined()
  })

  it('does not find functions that read files, wait or run SQL', () => {
    for (const name of ['file', 'url', 'sleep', 'remote', 'dictGet', 'getSetting', 'eval'])
      expect(findFunction(name), name).toBeUndefined()
  })
})

describe('nearestFunctions', () => {
  // The expected names are what Python's difflib.get_close_matches returns for this list.
  it.each([
    ['cuont', ['count']],
    ['toInt32', ['toInt']],
    ['dateFormat', ['date_part']],
    ['regexpReplace', ['replace']],
    ['group_concat', ['concat']],
    ['toStartOfweek', ['toStartOfWeek']],
    ['zzzzzz', []],
  ])('suggests for %s: %j', (name, expected) => {
    expect(nearestFunctions(name)).toEqual(expected)
  })

  it('suggests no internal function', () => {
    expect(nearestFunctions('_toUInt128')).not.toContain('_toUInt128')
  })
})

describe('parseFunctionTable', () => {
  it('reports an entry that it cannot read', () => {
    expect(() => parseFunctionTable('1 a b!')).toThrow('got "b!"')
    expect(() => parseFunctionTable('x a')).toThrow('Expected a range such as 2, 1-3 or 0+, got "x"')
  })
})

describe('errors of calls', () => {
  it('suggests a function', () => {
    expect(unknownFunction('cuont')).toBe(
      "Unsupported function call 'cuont(...)'. Perhaps you meant 'count(...)'?",
    )
    expect(unknownFunction('zzzzzz')).toBe("Unsupported function call 'zzzzzz(...)'")
  })

  it.each([
    ['length', 2, undefined, "Function 'length' expects 1 argument, found 2"],
    ['toYYYYMM', 0, undefined, "Function 'toYYYYMM' expects 1 argument, found 0"],
    ['now', 2, undefined, "Function 'now' expects at most 1 argument, found 2"],
    ['concat', 1, undefined, "Function 'concat' expects at least 2 arguments, found 1"],
    ['count', 2, undefined, "Aggregation 'count' expects at most 1 argument, found 2"],
    ['quantile', 1, undefined, "Aggregation 'quantile' requires parameters in addition to arguments"],
    ['quantile', 1, 2, "Aggregation 'quantile' expects 1 parameter, found 2"],
    ['groupArraySample', 1, 3, "Aggregation 'groupArraySample' expects at most 2 parameters, found 3"],
    ['quantiles', 1, 5, undefined],
    ['uniq', 9, undefined, undefined],
  ])('counts for %s(%j) with %j parameters', (name, found, parameters, expected) => {
    const definition = findFunction(name) ?? { min: -1, max: -1 }
    expect(countError(name, definition, { arguments: found, parameters })).toBe(expected)
  })

  it('words the others as PostHog does', () => {
    expect(templateCountError('string_agg', 2)).toBe("Function 'string_agg' requires exactly 2 arguments")
    expect(nestedAggregation('max', 'sum')).toBe(
      "Aggregation 'max' cannot be nested inside another aggregation 'sum'.",
    )
  })
})
