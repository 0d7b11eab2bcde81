import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointFile } from '../../../../src/codegen/endpoint-files/endpoint-file.ts'
import { readEndpointState } from '../../../../src/codegen/endpoint-files/endpoint-state.ts'
import { diffLines } from '../../../../src/codegen/endpoint-files/line-diff.ts'
import { type CurrentState, planPush } from '../../../../src/codegen/endpoint-files/plan.ts'
import {
  hashQuery,
  parsePushRecord,
  pushedTo,
  renderPushRecord,
  withProject,
} from '../../../../src/codegen/endpoint-files/push-record.ts'
import type { ProjectVariable } from '../../../../src/codegen/endpoint-files/variable-types.ts'
import type { EndpointDefinition } from '../../../../src/shared/endpoint-definition.ts'

const query = { kind: 'HogQLQuery', query: 'select {variables.x}' }
const definition: EndpointDefinition = { name: 'a', query, variables: [{ name: 'x', type: 'integer' }] }
const number: ProjectVariable = { id: 'id-x', codeName: 'x', type: 'Number', defaultValue: 5 }

function file(changes: Partial<EndpointDefinition> = {}): EndpointFile {
  const at = (): { readonly file: string } => ({ file: 'a.yaml' })
  return { file: 'a.yaml', definition: { ...definition, ...changes }, at, atQuery: at }
}

function server(changes: Readonly<Record<string, unknown>> = {}): CurrentState['endpoints'] {
  const state = readEndpointState({
    name: 'a',
    description: '',
    query: {
      ...query,
      modifiers: null,
      variables: { 'id-x': { variableId: 'id-x', code_name: 'x', value: 5, isNull: null } },
    },
    is_active: true,
    is_materialized: false,
    data_freshness_seconds: 86_400,
    current_version: 3,
    ...changes,
  })
  return new Map([[state.name, state]])
}

function plan(
  files: readonly EndpointFile[],
  current: Partial<CurrentState> = {},
): ReturnType<typeof planPush> {
  const defaults: CurrentState = {
    endpoints: server(),
    variables: new Map([['x', number]]),
    pushed: new Map(),
    pinned: new Map(),
  }
  return planPush(files, { ...defaults, ...current }, true)
}

const changesOf = (planned: ReturnType<typeof planPush>): readonly object[] =>
  planned.endpoints[0]?.changes ?? []

describe('planPush', () => {
  it('finds no change where PostHog completed the query and the defaults', () => {
    expect(changesOf(plan([file()]))).toEqual([])
    expect(changesOf(plan([file({ variables: [{ name: 'x', type: 'number', default: 5 }] })]))).toEqual([])
  })

  it('compares each field', () => {
    const changed = file({
      description: 'New',
      variables: [{ name: 'x', type: 'integer', default: 6 }],
      materialization: { enabled: true, schedule: '1hour' },
    })
    expect(changesOf(plan([changed]))).toEqual([
      { field: 'description', from: '', to: 'New' },
      { field: 'variables', from: 'x: integer', to: 'x: integer = 6' },
      { field: 'materialization', from: 'off', to: 'on' },
      { field: 'schedule', from: '24hour', to: '1hour' },
    ])
  })

  it('leaves the materialization as it is when a file does not mention it', () => {
    expect(changesOf(plan([file()], { endpoints: server({ is_materialized: true }) }))).toEqual([])
  })

  it('takes a hibernated table for a materialization', () => {
    const endpoints = server({ materialization: { hibernated: true } })
    expect(changesOf(plan([file({ materialization: { enabled: true } })], { endpoints }))).toEqual([])
  })

  it('compares queries of other kinds by what was pushed', () => {
    const trends = { kind: 'TrendsQuery', series: [{ event: '$pageview' }] }
    const endpoints = server({ query: { ...trends, interval: 'day' } })
    const pushed = new Map([['a', { version: 3, query: hashQuery(trends) }]])
    const trendsFile = file({ query: trends, variables: [] })
    expect(changesOf(plan([trendsFile], { endpoints }))).toHaveLength(1)
    expect(changesOf(plan([trendsFile], { endpoints, pushed }))).toEqual([])
    const edited = file({ query: { ...trends, interval: 'week' }, variables: [] })
    expect(changesOf(plan([edited], { endpoints, pushed }))).toHaveLength(1)
  })

  it('creates the variables that the project lacks, and rejects those that it cannot have', () => {
    const variables: EndpointDefinition['variables'] = [
      { name: 'y', type: 'array', default: ['a'] },
      { name: 'Bad', type: 'string' },
      { name: 'o', type: 'object' },
      { name: 'x', type: 'string' },
    ]
    const planned = plan([file({ variables })])
    expect(planned.variables).toEqual([{ name: 'y', type: 'List', default: ['a'] }])
    expect(planned.problems.map(({ message }) => message)).toEqual([
      'PostHog cannot create a variable with the code name "Bad".',
      'PostHog has no variables of the type object.',
      'Variable "x" has the type Number in PostHog, and string in the file.',
    ])
  })

  it('grades what a change means for the generated module', () => {
    const pinned = new Map([
      [
        'a',
        {
          identifier: 'a',
          version: 3,
          kind: 'HogQLQuery',
          materialized: false,
          hash: '',
          variables: { x: { type: 'number', required: false, nullable: true } },
          columns: [],
        },
      ],
    ])
    const variables: EndpointDefinition['variables'] = [
      { name: 'x', type: 'integer' },
      { name: 'y', type: 'date' },
    ]
    expect(plan([file({ variables })], { pinned }).effects).toEqual([
      {
        subject: 'a',
        grade: 'breaking',
        message: 'Variable "y" is new and required: runs without it fail with 400.',
      },
    ])
  })

  it('finds the active endpoints that no file names any more', () => {
    const pushed = new Map([['a', { version: 3, query: '' }]])
    expect(plan([], { pushed }).gone.map(({ name }) => name)).toEqual(['a'])
    expect(plan([], { pushed, endpoints: server({ is_active: false }) }).gone).toEqual([])
  })

  it('activates an endpoint only after --prune retired it', () => {
    const endpoints = server({ is_active: false })
    const pushed = new Map([['a', { version: 3, query: '', retired: true as const }]])
    expect(changesOf(plan([file()], { endpoints }))).toEqual([])
    expect(changesOf(plan([file()], { endpoints, pushed }))).toEqual([
      { field: 'active', from: 'no', to: 'yes' },
    ])
  })
})

describe('push record', () => {
  it('keeps the endpoints of each project', () => {
    const first = {
      host: 'https://eu.posthog.com',
      projectId: '1',
      endpoints: new Map([['a', { version: 1, query: 'h' }]]),
    }
    const second = {
      ...first,
      projectId: '2',
      endpoints: new Map([['b', { version: 2, query: '', retired: true as const }]]),
    }
    const text = renderPushRecord(withProject([second], first))
    const record = parsePushRecord(text, 'lock.json')
    expect(pushedTo(record, first)).toEqual(first.endpoints)
    expect(pushedTo(record, second)).toEqual(second.endpoints)
    expect(renderPushRecord(record)).toBe(text)
  })

  it('rejects other files', () => {
    expect(() => parsePushRecord('{"lockfileVersion":1,"endpoints":{}}', 'lock.json')).toThrow(
      'lock.json: /projects is not a list.',
    )
  })
})

describe('diffLines', () => {
  it('keeps both texts', () => {
    const texts = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(texts, texts, (from, to) => {
        const lines = diffLines(from, to)
        const side = (kind: 'removed' | 'added'): string =>
          lines
            .filter((line) => line.kind === 'same' || line.kind === kind)
            .map(({ text }) => text)
            .join('\n')
        expect([side('removed'), side('added')]).toEqual([from, to])
      }),
    )
  })

  it('shows a changed line as removed and added', () => {
    expect(diffLines('a\nb\nc', 'a\nB\nc')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'B' },
      { kind: 'same', text: 'c' },
    ])
  })
})
