import { describe, expect, it } from 'vitest'
import { checkDefinitions } from '../../../../src/codegen/endpoint-files/check-definition.ts'
import type { EndpointFile } from '../../../../src/codegen/endpoint-files/endpoint-file.ts'
import { renderPlace } from '../../../../src/codegen/endpoint-files/file-problem.ts'
import { parseEndpointFile } from '../../../../src/codegen/endpoint-files/parse-file.ts'

const noFile = (): undefined => undefined

function parse(text: string): EndpointFile {
  const { endpoint, problems } = parseEndpointFile('x.yaml', text, noFile)
  expect(problems).toEqual([])
  if (endpoint === undefined) throw new Error('The file has no endpoint.')
  return endpoint
}

function problemsOf(text: string): string[] {
  const { endpoint, problems } = parseEndpointFile('x.yaml', text, noFile)
  const all = endpoint === undefined ? problems : [...problems, ...checkDefinitions([endpoint])]
  return all.map(({ place, message }) => `${renderPlace(place)} ${message}`)
}

describe('parseEndpointFile', () => {
  it('reads every key of the format', () => {
    const { definition } = parse(`
name: a
description: Text
query: select {variables.x}
variables: [{ name: x, type: array, default: [a, b] }]
materialization: { enabled: true, schedule: 15min }
unknown: kept
`)
    expect(definition).toEqual({
      name: 'a',
      description: 'Text',
      query: { kind: 'HogQLQuery', query: 'select {variables.x}' },
      variables: [{ name: 'x', type: 'array', default: ['a', 'b'] }],
      materialization: { enabled: true, schedule: '15min' },
    })
  })

  it('prefers query_definition to query', () => {
    const { definition } = parse(
      'name: a\nquery: select 1\nquery_definition: { kind: TrendsQuery, series: [] }\n',
    )
    expect(definition.query).toEqual({ kind: 'TrendsQuery', series: [] })
  })

  it('reads files with CRLF and a byte order mark', () => {
    const { definition } = parse('\uFEFFname: a\r\nquery: |\r\n  select 1\r\n  from events\r\n')
    expect(definition.query.query).toBe('select 1\nfrom events\n')
  })

  it.each([
    ['- a\n', 'x.yaml:1:1 Expected an endpoint with `name` and `query`, got another kind of file.'],
    ['nme: a\nquery: select 1\n', 'x.yaml:1:1 The endpoint has no `name`.'],
    ['name: 5\nquery: select 1\n', 'x.yaml:1:7 Expected `name` to be a string, got 5.'],
    ['name: a\n', 'x.yaml:1:1 The endpoint has no query.'],
    ['name: a\nquery: 1\n', 'x.yaml:2:8 Expected `query` to be a string, got 1.'],
    ['name: a\nquery_file: q.sql\n', 'x.yaml:2:13 The file q.sql does not exist.'],
    ['name: a\nquery: x\nquery_file: q.sql\n', 'x.yaml:3:13 Got two queries: `query_file` and `query`.'],
    [
      'name: a\nquery_definition: {}\n',
      'x.yaml:2:19 Expected `query_definition` to be a query with a `kind`, got {}.',
    ],
    ['name: a\nname: b\n', 'x.yaml:2:1 The file is not valid YAML: Map keys must be unique.'],
    ['name: 1a\nquery: select 1\n', 'x.yaml:1:7 "1a" is not a valid name of an endpoint.'],
    [
      'name: bulk_update_tags\nquery: select 1\n',
      'x.yaml:1:7 PostHog uses the name "bulk_update_tags" itself.',
    ],
    [
      'name: a\nquery: select 1\nvariables:\n- name: x\n  type: text\n',
      'x.yaml:5:9 Expected the type of variable "x", got "text".',
    ],
    [
      'name: a\nquery: select {variables.x}\nvariables:\n- name: x\n  type: integer\n  default: "1"\n',
      'x.yaml:6:12 Expected the default of variable "x" to be of the type integer, got "1".',
    ],
    [
      'name: a\nquery: select 1\nmaterialization: true\n',
      'x.yaml:3:18 Expected `materialization` to be an object, got true.',
    ],
    [
      'name: a\nquery: select 1\nmaterialization:\n  enabled: true\n  schedule: 5min\n',
      'x.yaml:5:13 PostHog has no schedule "5min".',
    ],
    [
      'name: a\nquery_definition: { kind: TrendsQuery }\nvariables:\n- { name: x, type: string }\n',
      'x.yaml:4:1 Only HogQL queries have variables, and this is a TrendsQuery.',
    ],
  ])('reports the place of a fault in %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
  })

  it.each([
    ['a block', 'name: a\nquery: |-\n  select 1\n\n    from {variables.x}\n', 'x.yaml:5:10'],
    ['an indented block', 'name: a\nquery: |2-\n    select 1,\n    {variables.x}\n', 'x.yaml:4:5'],
    ['a plain text', 'name: a\nquery: select {variables.x}\n', 'x.yaml:2:15'],
    ['a quoted text', 'name: a\nquery: "select {variables.x}"\n', 'x.yaml:2:16'],
    ['a folded text', 'name: a\nquery: >\n  select\n  {variables.x}\n', 'x.yaml:2:8'],
    [
      'a definition',
      'name: a\nquery_definition:\n  kind: HogQLQuery\n  query: select {variables.x}\n',
      'x.yaml:4:17',
    ],
  ])('finds the place of a variable in %s', (_, text, place) => {
    expect(problemsOf(text)).toEqual([`${place} The query uses the variable "x", which is not declared.`])
  })

  it('reports faults of a .sql file there', () => {
    const sql = { file: 'queries/q.sql', text: 'select 1\r\nfrom events where (\r\n' }
    const { endpoint } = parseEndpointFile('x.yaml', 'name: a\nquery_file: q.sql\n', () => sql)
    const problems = endpoint === undefined ? [] : checkDefinitions([endpoint])
    expect(problems.map(({ place }) => renderPlace(place))).toEqual(['queries/q.sql:2:20'])
  })
})
