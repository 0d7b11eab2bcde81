import { describe, expect, it } from 'vitest'
import { compareProject } from '../../../../src/codegen/project/compare-project.ts'
import { createProjectLock } from '../../../../src/codegen/project/create-lock.ts'
import { describeFlag, describeVariable } from '../../../../src/codegen/project/describe-names.ts'
import { isReadableAs, renderShape, shapeOf } from '../../../../src/codegen/project/json-shape.ts'
import type { ProjectDescription } from '../../../../src/codegen/project/project-description.ts'
import {
  type ProjectLock,
  parseProjectLock,
  renderProjectLock,
} from '../../../../src/codegen/project/project-lock.ts'
import { docsOf, renderProject } from '../../../../src/codegen/project/render-project.ts'
import { selectEvents } from '../../../../src/codegen/project/select-events.ts'
import { compileModules } from '../endpoints/compile.ts'

const source = { host: 'https://us.posthog.com', projectId: '1', strict: false, maxEvents: 300 }
const empty: ProjectDescription = {
  events: [],
  eventProperties: [],
  featureFlags: [],
  cohorts: [],
  groups: [],
  variables: [],
}
const lockOf = (changes: Partial<ProjectDescription>, previous?: ProjectLock): ProjectLock =>
  createProjectLock({ ...empty, ...changes }, source, previous)

/** Names that could end a literal or a comment, or that mean something to JavaScript. */
const hostileNames = [
  ...['__proto__', 'constructor', 'prototype', 'then', 'toString', 'hasOwnProperty', 'default', 'class'],
  ...[
    "it's",
    '*/',
    '// x',
    '`\u0024{x}`',
    'a\nb',
    '\u2028',
    '\u202e',
    '\\',
    '',
    ' ',
    '0',
    '1e3',
    '事件',
    'é',
  ],
  ...['$pageview', 'pageview', 'Pageview', 'page view', '@deprecated', "'; process.exit(); '"],
]

const hostile: ProjectDescription = {
  events: hostileNames.map((name) => ({ name, properties: hostileNames, lines: [name], deprecated: name })),
  eventProperties: hostileNames.map((name) => ({ name, type: 'String', lines: [name], deprecated: name })),
  featureFlags: hostileNames.map((key) => ({
    key,
    state: 'archived',
    variants: Object.fromEntries(hostileNames.map((name) => [name, shapeOf({ [name]: name })])),
    payload: null,
    lines: [key],
    deprecated: key,
  })),
  cohorts: hostileNames.map((name, id) => ({ id, name, isStatic: true })),
  groups: hostileNames.map((type, index) => ({
    type,
    index,
    properties: hostileNames.map((name) => ({ name, type: undefined })),
  })),
  variables: hostileNames.map((codeName) => ({
    codeName,
    type: 'List',
    values: hostileNames,
    isMulti: true,
    lines: [codeName],
  })),
}

describe('the module of a project', () => {
  it('compiles and holds every name exactly, whatever the names are', async () => {
    const text = renderProject(createProjectLock(hostile, source, undefined), docsOf(hostile))
    expect(compileModules([text])).toEqual([])
    const { default: ts } = await import('typescript')
    const script = ts.transpile(text, { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 })
    const module = await import(`data:text/javascript,${encodeURIComponent(script)}`)
    expect(Object.values(module.events).sort()).toEqual([...hostileNames].sort())
    expect(Object.values(module.flags).sort()).toEqual([...hostileNames].sort())
    expect(Object.values(module.cohorts)).toHaveLength(hostileNames.length)
  })

  it('does not depend on the order of the names', () => {
    const reversed = Object.fromEntries(
      Object.entries(hostile).map(([area, names]) => [area, [...names].reverse()]),
    ) as unknown as ProjectDescription
    const lock = createProjectLock(hostile, source, undefined)
    const other = createProjectLock(reversed, source, undefined)
    expect(renderProjectLock(other)).toBe(renderProjectLock(lock))
    expect(renderProject(other, docsOf(reversed))).toBe(renderProject(lock, docsOf(hostile)))
  })

  it('keeps the constant of a name when others are added', () => {
    const before = lockOf({ events: [{ name: 'page view', properties: undefined }] })
    const names = ['$page_view', 'page view', 'Page View']
    const after = lockOf({ events: names.map((name) => ({ name, properties: undefined })) }, before)
    expect(after.events).toEqual({
      $page_view: { identifier: 'pageView_2' },
      'Page View': { identifier: 'pageView_3' },
      'page view': { identifier: 'pageView' },
    })
  })

  it('says how many events have no properties', () => {
    const lock = lockOf({
      events: [
        { name: 'a', properties: ['p'] },
        { name: 'b', properties: undefined },
      ],
      eventProperties: [{ name: 'p', type: 'Numeric' }],
    })
    const text = renderProject(lock)
    expect(text).toContain('// Properties and constants of 1 of 2 events; the others have names only.')
    expect(text).toContain("readonly a: Pick<EventProperties, 'p'>\n")
    expect(text).toContain('readonly b: unknown\n')
    expect(text).toContain('readonly p?: number | null | undefined\n')
  })

  it('has the member `strict` only for strict names', () => {
    const strict = createProjectLock(empty, { ...source, strict: true }, undefined)
    expect(renderProject(strict)).toContain('  readonly strict: true\n')
    expect(renderProject(lockOf({}))).not.toContain('strict')
  })
})

describe('the lock file of a project', () => {
  it('is read as it was written', () => {
    const lock = createProjectLock(hostile, source, undefined)
    expect(parseProjectLock(renderProjectLock(lock), 'lock.json')).toEqual(lock)
  })

  it.each([
    ['<<<<<<< ours\n{}', 'lock.json has unresolved merge conflicts.'],
    ['{"lockfileVersion":1}', 'lock.json: /host is not a string.'],
    [
      '{"lockfileVersion":1,"host":"h","projectId":"1","strict":false,"maxEvents":1,"events":{"a":{"identifier":"a b"}}}',
      'lock.json: /events/a is invalid.',
    ],
    [
      '{"lockfileVersion":1,"host":"h","projectId":"1","strict":false,"maxEvents":1,"events":{"a":{"identifier":"x"},"b":{"identifier":"x"}}}',
      'lock.json: /events/b/identifier is taken: x.',
    ],
  ])('is refused when it is damaged: %s', (text, message) => {
    expect(() => parseProjectLock(text, 'lock.json')).toThrow(message)
  })
})

describe('the comparison of a lock with a project', () => {
  const flag = (filters: object, members: object = {}): ProjectLock =>
    lockOf({ featureFlags: [describeFlag({ key: 'f', active: true, filters, ...members })] })
  const variants = (...keys: string[]): object => ({ variants: keys.map((key) => ({ key })) })
  const event = (
    properties: readonly string[] | undefined,
    type: string | undefined = 'String',
  ): ProjectLock => lockOf({ events: [{ name: 'e', properties }], eventProperties: [{ name: 'p', type }] })
  const variable = (members: object): ProjectLock => {
    const described = describeVariable({ name: 'v', code_name: 'v', type: 'String', ...members })
    return lockOf({ variables: described === undefined ? [] : [described] })
  }
  const group = (index: number, type: string): ProjectLock =>
    lockOf({ groups: [{ type: 'company', index, properties: [{ name: 'p', type }] }] })
  const cohort = (name: string, isStatic = false): ProjectLock =>
    lockOf({ cohorts: [{ id: 1, name, isStatic }] })
  const none = lockOf({})

  it.each<[string, ProjectLock, ProjectLock, string[]]>([
    ['a removed event', event([]), none, ['breaking event e']],
    ['a new event', none, event([]), ['safe event e']],
    ['a removed property', event(['p']), event([]), ['breaking event e']],
    ['a new property', event([]), event(['p']), ['safe event e']],
    ['a property that was not read', event(['p']), event(undefined), []],
    ['another property type', event(['p']), event(['p'], 'Numeric'), ['breaking property p']],
    ['a property type that was unknown', event(['p'], ''), event(['p'], 'Numeric'), ['breaking property p']],
    ['a disabled flag', flag({}), flag({}, { active: false }), ['risky feature flag f']],
    ['an archived flag', flag({}), flag({}, { active: false, archived: true }), ['risky feature flag f']],
    ['an enabled flag', flag({}, { active: false }), flag({}), ['safe feature flag f']],
    [
      'a removed variant',
      flag({ multivariate: variants('a', 'b') }),
      flag({ multivariate: variants('a') }),
      ['breaking feature flag f'],
    ],
    [
      'a new variant',
      flag({ multivariate: variants('a') }),
      flag({ multivariate: variants('a', 'b') }),
      ['risky feature flag f'],
    ],
    [
      'a flag that gets variants',
      flag({}),
      flag({ multivariate: variants('a') }),
      ['breaking feature flag f'],
    ],
    [
      'a payload with one more member',
      flag({ payloads: { true: '{"a":1}' } }),
      flag({ payloads: { true: '{"a":1,"b":2}' } }),
      ['safe feature flag f'],
    ],
    [
      'a payload with one member less',
      flag({ payloads: { true: '{"a":1,"b":2}' } }),
      flag({ payloads: { true: '{"a":1}' } }),
      ['breaking feature flag f'],
    ],
    ['a removed payload', flag({ payloads: { true: '1' } }), flag({}), ['breaking feature flag f']],
    ['a renamed cohort', cohort('A'), cohort('B'), ['breaking cohort A']],
    ['a static cohort', cohort('A'), cohort('A', true), ['risky cohort A']],
    ['another group index', group(0, 'String'), group(1, 'String'), ['breaking group type company']],
    ['another group property type', group(0, 'String'), group(0, 'Numeric'), ['breaking group type company']],
    ['another variable type', variable({}), variable({ type: 'Number' }), ['breaking variable v']],
    [
      'a removed value',
      variable({ type: 'List', values: ['a', 'b'] }),
      variable({ type: 'List', values: ['a'] }),
      ['breaking variable v'],
    ],
    [
      'a new value',
      variable({ type: 'List', values: ['a'] }),
      variable({ type: 'List', values: ['a', 'b'] }),
      ['risky variable v'],
    ],
    ['no change', flag({ payloads: { true: '1' } }), flag({ payloads: { true: '2' } }), []],
  ])('grades %s', (_, before, after, changes) => {
    expect(compareProject(before, after).map(({ grade, subject }) => `${grade} ${subject}`)).toEqual(changes)
  })

  it('says what changed', () => {
    const before = flag({ multivariate: variants('a'), payloads: { a: '{"x":1}' } })
    const after = flag({ multivariate: variants('a'), payloads: { a: '{"x":"1"}' } })
    expect(compareProject(before, after)).toEqual([
      {
        subject: 'feature flag f',
        grade: 'breaking',
        message: 'The payload of variant "a" changed from { readonly x: number } to { readonly x: string }.',
        fix: 'Run `typehog project pull` and fix the compiler errors.',
      },
    ])
  })
})

describe('payload types', () => {
  it('describe JSON values', () => {
    const shape = shapeOf({ 'a b': [1, 'x', null], c: { d: true }, e: [], f: [[1]] })
    expect(renderShape(shape)).toBe(
      "{ readonly 'a b': readonly (null | number | string)[]; readonly c: { readonly d: boolean }; readonly e: readonly unknown[]; readonly f: readonly (readonly number[])[] }",
    )
  })

  it('are unknown for encrypted payloads and deep values', () => {
    const flag = describeFlag({
      key: 'f',
      has_encrypted_payloads: true,
      filters: { payloads: { true: '1' } },
    })
    expect(flag.payload).toBe('unknown')
    expect(renderShape(shapeOf([[[[[[1]]]]]]))).toContain('unknown')
  })

  it('accept values with fewer alternatives', () => {
    expect(isReadableAs(shapeOf([1, 'x']), shapeOf([1]))).toBe(true)
    expect(isReadableAs(shapeOf([1]), shapeOf([1, 'x']))).toBe(false)
  })
})

describe('the selection of events', () => {
  const event = (name: string, lastSeenAt?: string, hidden = false) => ({ name, hidden, lastSeenAt })

  it('prefers events of the lock, then frequent and recent ones, and hidden ones last', () => {
    const events = [
      event('hidden', '2026-02-01', true),
      event('old', '2026-01-01'),
      event('new', '2026-02-01'),
      event('frequent'),
      event('locked'),
    ]
    const lock = lockOf({ events: [{ name: 'locked', properties: [] }] })
    const counts = new Map([['frequent', 5]])
    expect([...selectEvents(events, 5, lock, counts)]).toEqual(['locked', 'frequent', 'new', 'old', 'hidden'])
    expect([...selectEvents(events, 2, lock, counts)]).toEqual(['locked', 'frequent'])
  })
})
