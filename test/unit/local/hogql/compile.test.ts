import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HogqlError } from '../../../../src/hogql/hogql-error.ts'
import type { CompileOptions } from '../../../../src/local/hogql/compile/context.ts'
import {
  type CompiledQuery,
  compileHogql,
  parseQuery,
  type RowPage,
} from '../../../../src/local/hogql/compile.ts'

const compile = (sql: string, values: Record<string, unknown> = {}, page?: RowPage): CompiledQuery => {
  const options: CompileOptions = {
    tableName: (table) => `db.${table}`,
    placeholder: (path) => {
      const name = path.join('.')
      return Object.hasOwn(values, name) ? { kind: 'value', value: values[name] } : undefined
    },
    propertyType: () => undefined,
    cohort: () => undefined,
    action: () => undefined,
    projectId: 1,
    now: new Date('2026-11-20T10:00:00Z'),
    timeZone: 'UTC',
    weekStart: 'sunday',
    convertTimeZone: true,
  }
  return compileHogql(parseQuery(sql), options, page)
}

/** A ClickHouse string literal: quotes and backslashes inside are escaped. */
const LITERAL = /'(?:[^'\\]|\\.)*'/gs

describe('a value', () => {
  it('is one literal of the SQL, whatever its text', () => {
    const plain = compile('select event from events where event = {e}', { e: 'x' }).sql
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const { sql } = compile('select event from events where event = {e}', { e: value })
        expect(sql.replace(LITERAL, '?')).toBe(plain.replace(LITERAL, '?'))
      }),
    )
  })

  it.each([[{ b: 1 }], [[{ b: 1 }]]])('cannot be %j', (a) => {
    expect(() => compile('select {a}', { a })).toThrow(HogqlError)
  })

  it('must exist', () => {
    expect(() => compile('select {a}')).toThrow(HogqlError)
  })
})

describe('any text', () => {
  it('is compiled or rejected with a HogqlError', () => {
    const piece = fc.constantFrom(
      ...[
        'select ',
        'from ',
        'events ',
        'limit ',
        '1',
        ',',
        '(',
        ')',
        '[',
        ']',
        '.',
        "'",
        '`',
        '{a}',
        ' as ',
      ],
      ...['properties', ' join ', ' on ', '--', '/*', '*/', ';', ' union all ', 'with ', ' x ', 'offset '],
      ...['::', 'person', "f'", '->', ' over ', ' between ', ' and ', '?.', '<a ', '/>'],
    )
    const texts = fc.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string()), { maxLength: 20 })
    fc.assert(
      fc.property(texts, (pieces) => {
        const run = (): unknown => {
          try {
            return typeof compile(`select ${pieces.join('')}`, { a: 1 }).sql
          } catch (error) {
            return error instanceof HogqlError ? 'string' : error
          }
        }
        expect(run()).toBe('string')
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('the row limit', () => {
  it.each([
    ['select 1', 100, 0],
    ['select 1;', 100, 0],
    ['select 1 limit 7', 7, 0],
    ['select 1 limit 7 offset 3', 7, 3],
    ['select 1 limit 7, 3', 7, 3],
    ['select 1 offset 3', 100, 3],
    ['select 1 limit 60000', 50_000, 0],
    ['select * from (select 1 limit 5)', 100, 0],
    ['select event from events limit 2 by event', 100, 0],
    ['select event from events limit 2 by event limit 9', 9, 0],
    ['(select 1 limit 5)', 5, 0],
  ])('of %s is %i rows after %i', (sql, limit, offset) => {
    const compiled = compile(sql)
    expect(compiled).toMatchObject({ limit, offset })
    expect(compiled.sql).toMatch(new RegExp(`LIMIT ${limit}${offset > 0 ? ` OFFSET ${offset}` : ''}$`))
    expect(compiled.sqlWithProbe).toContain(`LIMIT ${limit + 1}`)
  })

  it('applies to each query of a set', () => {
    const { sql, limit } = compile('select 1 union all select 2 limit 3')
    expect(limit).toBeNull()
    expect(sql.match(/LIMIT \d+/g)).toEqual(['LIMIT 100', 'LIMIT 3'])
  })

  it('may be a placeholder', () => {
    expect(compile('select 1 limit {n}', { n: 20 }).limit).toBe(20)
  })

  it.each([-1, 1.5])('cannot be the value %s', (n) => {
    expect(() => compile('select 1 limit {n}', { n })).toThrow(HogqlError)
  })

  it('is replaced by a page', () => {
    const { sql } = compile(
      'select number from numbers(9) order by number limit 5',
      {},
      { limit: 3, offset: 2 },
    )
    expect(sql).toMatch(/LIMIT 3 OFFSET 2$/)
  })
})

describe('nesting and length', () => {
  it.each([
    ['brackets', `select ${'('.repeat(3_000)}1`],
    ['queries', `select ${'(select '.repeat(500)}x y z`],
    ['NOT', `select ${'not '.repeat(5_000)}!`],
    ['CASE', `select ${'case (a) '.repeat(300)}`],
    ['FROM', `select * from ${'((select * from '.repeat(90)} !`],
    ['casts', `select ${'cast('.repeat(150)}a${",'x')".repeat(150)}`],
    ['intervals', `select ${'interval ('.repeat(100)}`],
    ['braces', `select ${'({'.repeat(90)}a`],
    ['f-strings', `select ${"f'{".repeat(400)}a`],
    ['lambdas', `select ${'x -> ('.repeat(2_000)}1`],
    ['WITH', `${'with a as ('.repeat(400)}select 1`],
    ['joins', `select * from ${'(events join '.repeat(2_000)} events`],
    ['tables', `select * from events${', events'.repeat(20_000)}`],
    ['sums', `select 1${' + 1'.repeat(20_000)}`],
    ['casts in a chain', `select 1${'::String'.repeat(12_000)}`],
    ['properties', `select properties${'.a'.repeat(200)}${'[1]'.repeat(20_000)} from events`],
    ['tags', `select ${'<a>'.repeat(3_000)}`],
    ['type names', `select cast(1 as ${'Array('.repeat(3_000)}`],
    ['a text of 300,000 characters', `select '${'x'.repeat(300_000)}'`],
  ])('of %s end with a HogqlError within a second', (_, sql) => {
    const started = process.cpuUsage()
    expect(() => compile(sql)).toThrow(HogqlError)
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1_000).toBeLessThan(1_000)
  })
})
