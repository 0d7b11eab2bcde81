import { describe, expect, it } from 'vitest'
import { columnsQuery } from '../../../../src/codegen/queries/columns-query.ts'
import { formatParameterType } from '../../../../src/codegen/queries/parameter-type.ts'
import { type QueryFile, readQueryFile } from '../../../../src/codegen/queries/query-file.ts'
import type { SourceProblem } from '../../../../src/codegen/queries/source-problem.ts'
import { formatPlace } from '../../../../src/codegen/source-place.ts'
import { normalizeText } from '../../../../src/codegen/source-text.ts'

function read(text: string, path = 'queries/top-pages.sql'): QueryFile {
  const problems: SourceProblem[] = []
  const file = readQueryFile({ path, text: normalizeText(text) }, (problem) => problems.push(problem))
  if (file === undefined) throw new Error(problems.map(({ message }) => message).join(' '))
  return file
}

function problemsOf(text: string): string[] {
  const problems: SourceProblem[] = []
  readQueryFile({ path: 'q.sql', text }, (problem) => problems.push(problem))
  return problems.map((problem) => `${formatPlace(problem)} ${problem.message} ${problem.fix ?? ''}`.trim())
}

const typesOf = (text: string): Record<string, string> =>
  Object.fromEntries(read(text).parameters.map(({ name, type }) => [name, formatParameterType(type)]))

describe('a query file', () => {
  it('has the name of the file, a description and parameters', () => {
    const file = read(
      '-- Top pages\n-- of a day.\n-- @param day Date? the day\n\n-- Not this.\nselect {day} as d;\n-- end',
    )
    expect(file).toMatchObject({ name: 'topPages', description: 'Top pages of a day.' })
    expect(file.parameters).toMatchObject([
      { name: 'day', type: { base: 'Date', isArray: false, nullable: true }, description: 'the day' },
    ])
    expect(file.source.text.slice(file.start, file.end)).toBe('select {day} as d')
  })

  it('takes its name from @name', () => {
    expect(read('/* Described. */\n-- @name other\nselect 1')).toMatchObject({
      name: 'other',
      description: 'Described.',
    })
  })

  it.each([
    ['select 1 from events where timestamp > {since} limit {n}', { since: 'DateTime', n: 'Integer' }],
    ['select 1 from events as e where {e} = e.event', { e: 'String' }],
    ['select 1 from events where event in {names}', { names: 'Array(String)' }],
    ['select 1 from events where event in ({a}, {b})', { a: 'String', b: 'String' }],
    ["select 1 from events where {x} in ('a', 'b')", { x: 'String' }],
    ['select 1 from events where timestamp between {a} and {b}', { a: 'DateTime', b: 'DateTime' }],
    [
      'select 1 from events where person.created_at < {x} and person_id = {id}',
      { x: 'DateTime', id: 'UUID' },
    ],
    ['select event, count() as n from events group by event having n > {min}', { min: 'Integer' }],
    ['select 1 from events where properties.url like {pattern}', { pattern: 'String' }],
    [
      'with e as (select timestamp as t from events) select 1 from e where t > {since}',
      { since: 'DateTime' },
    ],
    ['select 1 from (select min(timestamp) as t from events) where t > {since}', { since: 'DateTime' }],
    [
      'select 1 from events e join persons p on p.id = e.person_id where p.created_at > {t}',
      { t: 'DateTime' },
    ],
    ['select 1 from events where timestamp > now() - interval {days} day', { days: 'Integer' }],
    ['select 1 from events where toDate(timestamp) = {day}', { day: 'Date' }],
    ['select event from events limit {n} by event', { n: 'Integer' }],
    ['select {filters}, {variables.x}, {filters.dateRange.from} from events where {filters}', {}],
  ])('infers the types of %j', (text, types) => {
    expect(typesOf(text)).toEqual(types)
  })

  it.each([
    'select 1 from events where properties.plan = {x}',
    'select 1 from events where event in ({x})',
    'select 1 from events join unknown on 1 = 1 where timestamp > {x}',
    'select 1 from warehouse where id = {x}',
    'select toDateTime({x})',
    'select 1 from events where timestamp = {x} or event = {x}',
    'with recursive e as (select timestamp as t from events) select 1 from e where t > {x}',
  ])('asks for the type in %j', (text) => {
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/Add a line with its type, such as `-- @param x \w+`\.$/),
    ])
  })

  it.each([
    ['select {a + 1}', 'q.sql:1:8 {a + 1} is no parameter. Write a name in braces, such as {since}.'],
    [
      'select 1 from {t}',
      'q.sql:1:15 {t} stands for a table, but a parameter is a value. Write the table into the query.',
    ],
    ['-- only a comment\n', 'q.sql:1:1 The file has no query. Write a SELECT, or delete the file.'],
    [
      '-- @param x Strin\nselect {x}',
      expect.stringContaining('q.sql:1:4 Strin is no type of a parameter. Use String,'),
    ],
    ['-- @parm x String\nselect 1', 'q.sql:1:4 @parm is unknown. Did you mean @param?'],
    [
      '-- @param since\nselect 1',
      expect.stringContaining('q.sql:1:4 Expected @param with a name and a type'),
    ],
    [
      '-- @param sinc Date\n-- @param a Date\nselect {a}',
      'q.sql:1:4 The query has no {sinc}. Remove the line.',
    ],
    ['select\n\tfrom where', expect.stringMatching(/^q\.sql:2:\d+ /)],
  ])('reports the problem of %j', (text, problem) => {
    expect(problemsOf(text)).toContainEqual(problem)
  })
})

describe('the query for columns', () => {
  const query = (text: string): string => {
    const file = read(text)
    return columnsQuery({ ...file, text: file.source.text }).query
  }

  it.each([
    ['select 1', 'select 1\nLIMIT 0'],
    ['select 1 limit 5;', 'select 1 limit 0'],
    ['-- c\nselect 1 -- end', 'select 1\nLIMIT 0'],
    ['select 1 limit {n} offset 3', 'select 1 limit 0 offset 3'],
    ['select event from events offset 3', 'select event from events LIMIT 0 offset 3'],
    ['select event from events limit 2 by event', 'select event from events limit 2 by event\nLIMIT 0'],
    ['select 1 limit 2 union all select 2', 'select 1 limit 0 union all select 2\nLIMIT 0'],
    [
      '(select 1 limit 3) union all (select 2) limit 9',
      '(select 1 limit 0) union all (select 2\nLIMIT 0) limit 9',
    ],
    ['(select 1) limit 9', '(select 1) limit 0'],
    [
      'with a as (select 1 as x limit 4) select x from a',
      'with a as (select 1 as x limit 4) select x from a\nLIMIT 0',
    ],
    [
      'select 1 from events where timestamp > {t}',
      'select 1 from events where timestamp > toDateTime({t})\nLIMIT 0',
    ],
  ])('of %j has no rows', (text, expected) => {
    expect(query(text)).toBe(expected)
  })

  it('maps offsets to the file', () => {
    const text = '-- @param t DateTime?\nselect {t}, foo from events limit 5 -- end'
    const file = read(text)
    const { query: asked, toSource } = columnsQuery({ ...file, text: file.source.text })
    expect(asked).toBe('select toNullable(toDateTime({t})), foo from events limit 0')
    expect(toSource(0)).toBe(text.indexOf('select'))
    expect(toSource(asked.indexOf('toDateTime'))).toBe(text.indexOf('{t}'))
    expect(toSource(asked.indexOf('foo'))).toBe(text.indexOf('foo'))
    expect(toSource(asked.length)).toBe(text.indexOf(' -- end'))
  })
})
