import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHogql } from '../../../src/local/hogql/parse.ts'
import { HogqlError } from '../../../src/local/hogql/tokens.ts'
import { literalLimit, type TranslatedQuery, translate } from '../../../src/local/hogql/translate.ts'

const run = (
  sql: string,
  values: Record<string, unknown> = {},
  page?: { limit: number; offset: number },
): TranslatedQuery =>
  translate(parseHogql(sql), {
    tableName: (table) => `db.${table}`,
    valueOf: (name) => {
      if (Object.hasOwn(values, name)) return values[name]
      throw new HogqlError(`missing ${name}`)
    },
    propertyTypes: { amount: 'Float64' },
    ...(page === undefined ? {} : { page }),
  })

const text = (sql: string, values?: Record<string, unknown>): string =>
  run(sql, values).sql.replace(/\s+/g, ' ')

describe('properties', () => {
  it('reads a property as nullable text and names the column after it', () => {
    expect(text('select properties.$browser from events')).toBe(
      "select JSONExtract(`properties`, '$browser', 'Nullable(String)') AS `$browser` from db.events AS `events` LIMIT 100",
    )
  })

  it('reads a property with a known type as that type', () => {
    expect(text('select sum(properties.amount) as s from events')).toContain(
      "sum ( JSONExtract(`properties`, 'amount', 'Nullable(Float64)') ) as s",
    )
  })

  it('reads nested properties, quoted names and properties of an alias', () => {
    expect(text('select e.properties.`a b`.c as x from events e')).toContain(
      "JSONExtract(`e`.`properties`, 'a b', 'c', 'Nullable(String)') as x from db.events e",
    )
  })

  it('reads the person of an event from the events table', () => {
    expect(text('select person.properties.email as a, e.person.id as b from events e')).toContain(
      "JSONExtract(`person_properties`, 'email', 'Nullable(String)') as a , `e`.`person_id` as b",
    )
  })

  it('treats person as a table when a table has that alias', () => {
    expect(text('select person.properties.email as a from persons person')).toContain(
      'JSONExtract(`person`.`properties`',
    )
  })

  it('does not change strings, comments and plain columns', () => {
    const sql = text(
      "select 'properties.x' as a, properties /* properties.y */ as b -- properties.z\n from events",
    )
    expect(sql).toBe("select 'properties.x' as a , properties as b from db.events AS `events` LIMIT 100")
  })

  it('names an expression with a property after its source', () => {
    expect(text('select upper(properties.plan) from events')).toContain('AS `upper(properties.plan)`')
  })

  it('keeps aliases of the query, with or without AS', () => {
    expect(text('select lower(properties.plan) p, properties.plan as q from events')).not.toContain('AS `p')
  })

  it('escapes a property name that contains a quote', () => {
    expect(text("select properties.`x', 'String') from secrets --` as a from events")).toContain(
      "'x\\', \\'String\\') from secrets --', 'Nullable(String)')",
    )
  })

  it('quotes names with a dollar sign', () => {
    expect(text('select $session_id from events')).toContain('select `$session_id` from')
  })
})

describe('features that only HogQL has', () => {
  it('reads properties in brackets', () => {
    expect(text("select properties['a'].b as x, e.properties['c'] as y from events e")).toContain(
      "JSONExtract(`properties`, 'a', 'b', 'Nullable(String)') as x , JSONExtract(`e`.`properties`, 'c', 'Nullable(String)') as y",
    )
  })

  it('does not change the elements of arrays and maps', () => {
    expect(text("select m['a'] as x, a[1] as y from (select map('a', 1) as m, [1] as a)")).toContain(
      "select m [ 'a' ] as x , a [ 1 ] as y",
    )
  })

  it('converts with toInt and toFloat, with NULL instead of an error', () => {
    expect(text('select toFloat(toInt({a}) + 1) as x', { a: '5' })).toContain(
      "accurateCastOrNull ( accurateCastOrNull ( {p21:String} , 'Int64') + 1 , 'Float64') as x",
    )
    expect(text('select toInt(1, 2) as x, toFloat() as y')).toContain(
      'toInt ( 1 , 2 ) as x , toFloat ( ) as y',
    )
  })
})

describe('tables', () => {
  it('renames tables in joins, subqueries and unions, but not WITH queries', () => {
    const sql = text('with a as (select * from events) select * from a join persons p on 1 = 1')
    expect(sql).toContain('from db.events AS `events` )')
    expect(sql).toContain('from a join db.persons p')
  })
})

describe('values', () => {
  it('binds each JSON type as a typed parameter', () => {
    const { sql, parameters } = run('select {a}, {b}, {c}, {d}, {e}, {f}', {
      a: 'x',
      b: 5,
      c: 1.5,
      d: true,
      e: null,
      f: ['u', 1],
    })
    expect(sql.replace(/\s+/g, ' ')).toBe(
      'select {p7:String} , {p12:Int64} , {p17:Float64} , {p22:Bool} , NULL , [{p32_0:String}, {p32_1:Int64}] LIMIT 100',
    )
    expect(parameters).toEqual({ p7: 'x', p12: '5', p17: '1.5', p22: true, p32_0: 'u', p32_1: '1' })
  })

  it('distinguishes 5 and "5"', () => {
    expect(run('select {a}', { a: 5 }).sql).toContain(':Int64')
    expect(run('select {a}', { a: '5' }).sql).toContain(':String')
  })

  it('never writes a value into the SQL', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), (value) => {
        const first = run('select event from events where event = {variables.e}', { 'variables.e': value })
        expect(first.sql).toBe('select event from db.events AS `events` where event = {p39:String} LIMIT 100')
        expect(first.parameters).toEqual({ p39: value })
      }),
    )
  })

  it('rejects objects and missing values', () => {
    expect(() => run('select {a}', { a: { b: 1 } })).toThrow(HogqlError)
    expect(() => run('select {a}', { a: [{ b: 1 }] })).toThrow(HogqlError)
    expect(() => run('select {a}')).toThrow('missing a')
  })
})

describe('any text', () => {
  it('is translated or rejected with a HogqlError', () => {
    const piece = fc.constantFrom(
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
      'properties',
      ' join ',
      ' on ',
      '--',
      '/*',
      '*/',
      ';',
      ' union all ',
      'with ',
      ' x ',
      'offset ',
      '::',
      'person',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string()), { maxLength: 20 }),
        (pieces) => {
          try {
            run(`select ${pieces.join('')}`, { a: 1 })
          } catch (error) {
            expect(error).toBeInstanceOf(HogqlError)
          }
        },
      ),
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
    ['select 1 limit 3, 7', 7, 3],
    ['select 1 offset 3', 100, 3],
    ['select 1 limit 60000', 50_000, 0],
    ['select * from (select 1 limit 5)', 100, 0],
    ['select event from events limit 2 by event', 100, 0],
    ['select event from events limit 2 by event limit 9', 9, 0],
    ['select 1 union all select 2', 100, 0],
    ['(select 1 limit 5)', 100, 0],
  ])('of %s is %i rows after %i', (sql, limit, offset) => {
    const translated = run(sql)
    expect(translated).toMatchObject({ limit, offset })
    expect(translated.sql).toMatch(new RegExp(`LIMIT ${limit}${offset > 0 ? ` OFFSET ${offset}` : ''}$`))
  })

  it('may be a placeholder', () => {
    expect(run('select 1 limit {n}', { n: 20 }).limit).toBe(20)
  })

  it.each([-1, 1.5, '5', null])('cannot be the value %s', (n) => {
    expect(() => run('select 1 limit {n}', { n })).toThrow(HogqlError)
  })

  it('is replaced by a page', () => {
    const { sql } = run('select number from numbers(9) order by number limit 5', {}, { limit: 3, offset: 2 })
    expect(sql).toMatch(/order by number LIMIT 3 OFFSET 2$/)
  })

  it('is known when it is a literal', () => {
    expect(literalLimit(parseHogql('select 1 limit 25 offset 5').tokens)).toBe(25)
    expect(literalLimit(parseHogql('select 1').tokens)).toBeUndefined()
    expect(literalLimit(parseHogql('select 1 limit {n}').tokens)).toBeUndefined()
  })
})
