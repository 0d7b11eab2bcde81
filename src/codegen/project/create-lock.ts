import { endpointIdentifiers } from '../endpoints/identifiers.ts'
import { byCodeUnit } from '../source-text.ts'
import type { ProjectDescription, PropertyDescription } from './project-description.ts'
import {
  type LockedCohort,
  type LockedName,
  ownEntry,
  type ProjectLock,
  type ProjectSettings,
  type PropertyTypes,
} from './project-lock.ts'

/**
 * Creates the lock of a pulled project.
 *
 * @param previous lock whose identifiers stay
 */
export function createProjectLock(
  { events, eventProperties, featureFlags, cohorts, groups, variables }: ProjectDescription,
  source: ProjectSettings & { readonly host: string; readonly projectId: string },
  previous: ProjectLock | undefined,
): ProjectLock {
  const { host, projectId, strict, maxEvents } = source
  return {
    lockfileVersion: 1,
    host,
    projectId,
    strict,
    maxEvents,
    ...(events !== undefined && {
      events: named(
        events,
        'event',
        ({ name }) => name,
        previous?.events,
        ({ properties }) => ({
          ...(properties && { properties: [...properties].sort(byCodeUnit) }),
        }),
      ),
      eventProperties: propertyTypes(eventProperties),
    }),
    ...(featureFlags && {
      featureFlags: named(
        featureFlags,
        'flag',
        ({ key }) => key,
        previous?.featureFlags,
        (flag) => ({
          state: flag.state,
          ...(flag.variants && { variants: sorted(Object.entries(flag.variants)) }),
          ...(flag.variants === undefined && flag.payload !== null && { payload: flag.payload }),
        }),
      ),
    }),
    ...(cohorts && { cohorts: lockedCohorts(cohorts, previous?.cohorts) }),
    ...(groups && {
      groups: named(
        groups,
        'group',
        ({ type }) => type,
        previous?.groups,
        ({ index, properties }) => ({
          index,
          properties: propertyTypes(properties),
        }),
      ),
    }),
    ...(variables && {
      variables: named(
        variables,
        'variable',
        ({ codeName }) => codeName,
        previous?.variables,
        (variable) => ({
          type: variable.type,
          ...(variable.values && { values: [...new Set(variable.values)].sort(byCodeUnit) }),
          ...(variable.isMulti && { multi: true as const }),
        }),
      ),
    }),
  }
}

/** Returns the entries of an area by name, with identifiers. */
function named<Item, Content extends object>(
  items: readonly Item[],
  noun: string,
  nameOf: (item: Item) => string,
  previous: Readonly<Record<string, LockedName>> | undefined,
  contentOf: (item: Item) => Content,
): Readonly<Record<string, LockedName & Content>> {
  const existing = Object.entries(previous ?? {}).map(([name, { identifier }]) => [name, identifier] as const)
  const identifiers = endpointIdentifiers(items.map(nameOf), new Map(existing), noun)
  return sorted(
    items.map((item) => {
      const name = nameOf(item)
      return [name, { identifier: identifiers.get(name) ?? noun, ...contentOf(item) }]
    }),
  )
}

/** Several cohorts may have the same name. The oldest gets the identifier of the name, the others one with their id. */
function lockedCohorts(
  cohorts: NonNullable<ProjectDescription['cohorts']>,
  previous: ProjectLock['cohorts'],
): Readonly<Record<string, LockedCohort>> {
  const byAge = [...cohorts].sort((a, b) => a.id - b.id)
  const first = new Map([...byAge].reverse().map(({ id, name }) => [name, id]))
  const labelled = byAge.map((cohort) => ({
    cohort,
    label: first.get(cohort.name) === cohort.id ? cohort.name : `${cohort.name} ${cohort.id}`,
  }))
  const existing = labelled.flatMap(({ cohort, label }) => {
    const identifier = ownEntry(previous, String(cohort.id))?.identifier
    return identifier === undefined ? [] : [[label, identifier] as const]
  })
  const identifiers = endpointIdentifiers(
    labelled.map(({ label }) => label),
    new Map(existing),
    'cohort',
  )
  return sorted(
    labelled.map(({ cohort: { id, name, isStatic }, label }) => [
      String(id),
      { identifier: identifiers.get(label) ?? 'cohort', name, static: isStatic },
    ]),
  )
}

function propertyTypes(properties: readonly PropertyDescription[]): PropertyTypes {
  return sorted(properties.map(({ name, type }) => [name, type ?? null]))
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => byCodeUnit(a, b)))
}
