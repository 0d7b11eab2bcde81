import { describe, expect, it } from 'vitest'
import type { EndpointFile } from '../../../../src/codegen/endpoint-files/endpoint-file.ts'
import { parseEndpointFile } from '../../../../src/codegen/endpoint-files/parse-file.ts'
import { renderEndpointFile, updateEndpointFile } from '../../../../src/codegen/endpoint-files/render-file.ts'
import type { EndpointDefinition } from '../../../../src/shared/endpoint-definition.ts'

function parse(text: string): EndpointFile {
  const { endpoint } = parseEndpointFile('x.yaml', text, () => undefined)
  if (endpoint === undefined) throw new Error('The file has no endpoint.')
  return endpoint
}

const definition: EndpointDefinition = {
  name: 'a',
  description: 'yes',
  query: { kind: 'HogQLQuery', query: "select '# no comment: {}'\nfrom events\n\n  where 1" },
  variables: [
    { name: 'x', type: 'string', default: '5' },
    { name: 'y', type: 'array', default: ['a', 'null'] },
  ],
  materialization: { enabled: true, schedule: '1hour' },
}

describe('renderEndpointFile', () => {
  it('writes what parses to the same definition', () => {
    const text = renderEndpointFile(definition)
    expect(text).toContain(`# a.yaml\nname: a\ndescription: yes\nquery: |-\n  select '# no comment: {}'\n`)
    expect(parse(text).definition).toEqual(definition)
  })

  it('keeps queries of other kinds and settings of HogQL', () => {
    for (const query of [
      { kind: 'TrendsQuery', series: [{ event: '$pageview' }] },
      { kind: 'HogQLQuery', query: 'select 1', modifiers: { personsOnEventsMode: 'disabled' } },
    ]) {
      const other: EndpointDefinition = { name: 'b', query, variables: [] }
      expect(parse(renderEndpointFile(other)).definition).toEqual(other)
    }
  })
})

describe('updateEndpointFile', () => {
  const file = `# of the team
name: a
tags: [one, two]
query: select {variables.x} # short
variables:
    # the first
    - name: x # code name
      type: string
    - name: old
      type: string
materialization:
    # twice a day
    enabled: true
    schedule: 12hour
`

  it('writes nothing without fields', () => {
    expect(updateEndpointFile(parse(file), definition, new Set())).toEqual([])
  })

  it('keeps comments, unknown keys, order and indentation', () => {
    const [rendered] = updateEndpointFile(
      parse(file),
      definition,
      new Set(['variables', 'schedule', 'description']),
    )
    expect(rendered?.text).toBe(`# of the team
name: a
tags: [one, two]
query: select {variables.x} # short
variables:
    # the first
    - name: x # code name
      type: string
      default: "5"
    - name: y
      type: array
      default:
          - a
          - "null"
materialization:
    # twice a day
    enabled: true
    schedule: 1hour
description: yes
`)
  })

  it('writes queries of several lines as blocks', () => {
    const [rendered] = updateEndpointFile(parse(file), definition, new Set(['query']))
    expect(rendered?.text).toContain(
      `query: |- # short\n    select '# no comment: {}'\n    from events\n\n      where 1\n`,
    )
  })

  it('switches a materialization off in place', () => {
    const { materialization: _, ...off } = definition
    const [rendered] = updateEndpointFile(parse(file), off, new Set(['materialization']))
    expect(rendered?.text).toContain('    # twice a day\n    enabled: false\n    schedule: 12hour\n')
  })

  it('replaces a query of another kind', () => {
    const other: EndpointDefinition = { name: 'a', query: { kind: 'PathsQuery', a: 1 }, variables: [] }
    const [rendered] = updateEndpointFile(parse(file), other, new Set(['query_definition', 'variables']))
    expect(rendered === undefined ? undefined : parse(rendered.text).definition).toMatchObject({
      query: other.query,
    })
  })
})
