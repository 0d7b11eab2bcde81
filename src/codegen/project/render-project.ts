import { propertyKey } from '../endpoints/identifiers.ts'
import { byCodeUnit, commentText, docComment, quoted } from '../source-text.ts'
import { type JsonShape, renderShape } from './json-shape.ts'
import type { NameDocs, ProjectDescription } from './project-description.ts'
import {
  type LockedEvent,
  type LockedFlag,
  type LockedGroupType,
  type LockedName,
  type LockedVariable,
  type ProjectLock,
  type PropertyTypes,
  projectPullCommand,
} from './project-lock.ts'

/** TypeScript types by PostHog's types of properties. PostHog does not validate them. */
const propertyTypes: Readonly<Record<string, string>> = {
  String: 'string',
  Numeric: 'number',
  Boolean: 'boolean',
  DateTime: 'string | number | Date',
  Duration: 'string | number',
}

/** TypeScript types by PostHog's types of insight variables. */
const variableTypes: Readonly<Record<string, string>> = {
  String: 'string',
  Number: 'number',
  Boolean: 'boolean',
  Date: 'string',
}

/** Doc comments of names, by area and name. */
export interface ProjectDocs {
  readonly events: ReadonlyMap<string, NameDocs>
  readonly eventProperties: ReadonlyMap<string, NameDocs>
  readonly featureFlags: ReadonlyMap<string, NameDocs>
  readonly variables: ReadonlyMap<string, NameDocs>
}

/** Collects the doc comments of a description. */
export function docsOf(description: ProjectDescription): ProjectDocs {
  return {
    events: new Map(description.events?.map((event) => [event.name, event])),
    eventProperties: new Map(description.eventProperties.map((property) => [property.name, property])),
    featureFlags: new Map(description.featureFlags?.map((flag) => [flag.key, flag])),
    variables: new Map(description.variables?.map((variable) => [variable.codeName, variable])),
  }
}

const noDocs: ProjectDocs = {
  events: new Map(),
  eventProperties: new Map(),
  featureFlags: new Map(),
  variables: new Map(),
}

/**
 * Renders the module of a project's names: the interface `Project` and constants. Except for comments, it depends on the
 * lock only. It imports nothing.
 */
export function renderProject(lock: ProjectLock, docs: ProjectDocs = noDocs): string {
  const areas = areasToRender(lock, docs)
  const members = [
    ...(lock.strict ? ['  readonly strict: true\n'] : []),
    ...areas.map(({ member, typeName }) => `  readonly ${member}: ${typeName}\n`),
  ]
  return [
    header(lock),
    ...(lock.events === undefined ? [] : [renderEventProperties(lock.eventProperties ?? {}, docs)]),
    ...areas.map(({ typeName, types }) => block(`export interface ${typeName}`, types)),
    `/** The names of the project, for \`createClient<Project>()\`. */\n${block('export interface Project', members)}`,
    ...areas.map(({ summary, constant, values }) => {
      return `/** ${summary} */\n${block(`export const ${constant} =`, values).trimEnd()} as const\n`
    }),
  ].join('\n')
}

/** An area of the module: an interface and a constant. */
interface RenderedArea {
  /** Name in `Project`. */
  readonly member: string
  readonly typeName: string
  readonly constant: string
  readonly summary: string
  /** Members of the interface. */
  readonly types: readonly string[]
  /** Members of the constant. */
  readonly values: readonly string[]
}

function areasToRender(
  { events, featureFlags, cohorts, groups, variables }: ProjectLock,
  docs: ProjectDocs,
): RenderedArea[] {
  const isName = (_: LockedName, name: string): string => quoted(name)
  return [
    ...(events === undefined
      ? []
      : [
          {
            member: 'events',
            typeName: 'ProjectEvents',
            constant: 'events',
            summary: 'Event names.',
            types: typeLines(events, eventType, commentsOf(events, docs)),
            values: valueLines(withProperties(events), isName, docs.events),
          },
        ]),
    ...(featureFlags === undefined
      ? []
      : [
          {
            member: 'featureFlags',
            typeName: 'ProjectFeatureFlags',
            constant: 'flags',
            summary: 'Keys of feature flags.',
            types: typeLines(featureFlags, flagType, docs.featureFlags),
            values: valueLines(featureFlags, isName, docs.featureFlags),
          },
        ]),
    ...(cohorts === undefined
      ? []
      : [
          {
            member: 'cohorts',
            typeName: 'ProjectCohorts',
            constant: 'cohorts',
            summary: 'Ids of cohorts.',
            types: typeLines(idsByName(cohorts), (ids) => ids.join(' | ')),
            values: valueLines(cohorts, (_, id) => id, cohortDocs(cohorts)),
          },
        ]),
    ...(groups === undefined
      ? []
      : [
          {
            member: 'groups',
            typeName: 'ProjectGroups',
            constant: 'groups',
            summary: 'Indexes of group types.',
            types: typeLines(groups, groupType),
            values: valueLines(groups, ({ index }) => String(index)),
          },
        ]),
    ...(variables === undefined
      ? []
      : [
          {
            member: 'variables',
            typeName: 'ProjectVariables',
            constant: 'variables',
            summary: 'Code names of insight variables.',
            types: typeLines(variables, variableType, docs.variables),
            values: valueLines(variables, isName, docs.variables),
          },
        ]),
  ]
}

/**
 * Returns the events whose properties were read. Only they have constants and comments: with 20,000 of each, a type check
 * takes seconds longer.
 */
function withProperties(
  events: Readonly<Record<string, LockedEvent>>,
): Readonly<Record<string, LockedEvent>> {
  return Object.fromEntries(Object.entries(events).filter(([, { properties }]) => properties !== undefined))
}

function typeLines<Entry>(
  entries: Readonly<Record<string, Entry>>,
  typeOf: (entry: Entry) => string,
  docs?: ReadonlyMap<string, NameDocs>,
): string[] {
  return sortedEntries(entries).map(([name, entry]) => {
    return `${nameComment(docs?.get(name))}  readonly ${propertyKey(name)}: ${typeOf(entry)}\n`
  })
}

function valueLines<Entry extends LockedName>(
  entries: Readonly<Record<string, Entry>>,
  render: (entry: Entry, name: string) => string,
  docs?: ReadonlyMap<string, NameDocs>,
): string[] {
  return sortedEntries(entries).map(([name, entry]) => {
    return `${nameComment(docs?.get(name))}  ${entry.identifier}: ${render(entry, name)},\n`
  })
}

function idsByName(
  cohorts: NonNullable<ProjectLock['cohorts']>,
): Readonly<Record<string, readonly string[]>> {
  const ids = new Map<string, string[]>()
  for (const [id, { name }] of Object.entries(cohorts)) ids.set(name, [...(ids.get(name) ?? []), id])
  return Object.fromEntries(ids)
}

function cohortDocs(cohorts: NonNullable<ProjectLock['cohorts']>): ReadonlyMap<string, NameDocs> {
  return new Map(
    Object.entries(cohorts).map(([id, { name, static: isStatic }]) => {
      return [id, { lines: [`${isStatic ? 'Static' : 'Dynamic'} cohort \`${name}\`.`] }]
    }),
  )
}

function header({ host, projectId, events = {} }: ProjectLock): string {
  const all = Object.keys(events).length
  const complete = Object.keys(withProperties(events)).length
  const origin = commentText(`${host}, project ${projectId}`)
  const limit =
    complete === all
      ? ''
      : `// Properties and constants of ${complete} of ${all} events; the others have names only. \`--max-events\` sets the limit.\n`
  return `// Written by \`${projectPullCommand}\` from ${origin}. Do not edit: pull again.\n${limit}`
}

function renderEventProperties(types: PropertyTypes, docs: ProjectDocs): string {
  const members = sortedEntries(types).map(([name, type]) => {
    return `${nameComment(docs.eventProperties.get(name))}  readonly ${propertyMember(name, type)}\n`
  })
  return `/** Properties of events. */\n${block('export interface EventProperties', members)}`
}

function eventType({ properties }: LockedEvent): string {
  // An event without known properties was probably defined before it was captured.
  if (properties === undefined || properties.length === 0) return 'unknown'
  return `Pick<EventProperties, ${properties.map(quoted).join(' | ')}>`
}

function flagType({ variants, payload }: LockedFlag): string {
  const payloadType = (shape: JsonShape | null | undefined): string =>
    shape === null || shape === undefined ? 'undefined' : renderShape(shape)
  if (variants === undefined) return `{ readonly payload: ${payloadType(payload)} }`
  const members = sortedEntries(variants).map(
    ([name, shape]) => `readonly ${propertyKey(name)}: ${payloadType(shape)}`,
  )
  return `{ readonly variants: { ${members.join('; ')} } }`
}

function variableType({ type, values = [], multi }: LockedVariable): string {
  const known = Object.hasOwn(variableTypes, type) ? (variableTypes[type] ?? 'unknown') : 'unknown'
  const value = values.length === 0 ? known : values.map(quoted).join(' | ')
  return multi === true ? `readonly (${value})[]` : value
}

function groupType({ index, properties }: LockedGroupType): string {
  const members = sortedEntries(properties).map(([name, type]) => `readonly ${propertyMember(name, type)}`)
  const type = members.length === 0 ? 'Readonly<Record<string, unknown>>' : `{ ${members.join('; ')} }`
  return `{ readonly index: ${index}; readonly properties: ${type} }`
}

function propertyMember(name: string, type: string | null): string {
  const known = type !== null && Object.hasOwn(propertyTypes, type) ? propertyTypes[type] : undefined
  return `${propertyKey(name)}?: ${known === undefined ? 'unknown' : `${known} | null | undefined`}`
}

function commentsOf(
  events: Readonly<Record<string, LockedEvent>>,
  docs: ProjectDocs,
): ReadonlyMap<string, NameDocs> {
  const commented = withProperties(events)
  return new Map([...docs.events].filter(([name]) => Object.hasOwn(commented, name)))
}

function nameComment({ lines = [], deprecated }: NameDocs = {}): string {
  return docComment(lines, '  ', deprecated)
}

function block(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${head} {}\n` : `${head} {\n${lines.join('')}}\n`
}

function sortedEntries<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([a], [b]) => byCodeUnit(a, b))
}
