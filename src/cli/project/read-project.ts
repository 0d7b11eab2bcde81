import type { TypehogClient } from '../../client/create-client.ts'
import {
  describeEvent,
  describeFlag,
  describeProperty,
  describeVariable,
  type ListedProperty,
  rankedEvent,
} from '../../codegen/project/describe-names.ts'
import type {
  FlagDescription,
  GroupTypeDescription,
  ProjectArea,
  ProjectDescription,
} from '../../codegen/project/project-description.ts'
import type { ProjectLock } from '../../codegen/project/project-lock.ts'
import { lockedProperties, type RankedEvent, selectEvents } from '../../codegen/project/select-events.ts'
import { PermissionError } from '../../runtime/errors/api-errors.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import { mapConcurrent } from '../../shared/map-concurrent.ts'
import type { Context } from '../context.ts'

/** Number of definitions per request. */
const pageSize = 500

/** What to read of a project. */
export interface ProjectReading {
  readonly areas: readonly ProjectArea[]
  /** Number of events whose properties are read: each takes a request. */
  readonly maxEvents: number
  /** Maximum number of concurrent requests for properties. */
  readonly concurrency: number
  /** Lock whose events keep their properties. */
  readonly previous: ProjectLock | undefined
}

/** Reads the names of a project. */
export async function readProject(
  context: Context,
  client: TypehogClient,
  reading: ProjectReading,
): Promise<ProjectDescription> {
  const { signal } = context.io
  const has = (area: ProjectArea): boolean => reading.areas.includes(area)
  const [events, featureFlags, cohorts, groups, variables] = await Promise.all([
    has('events') ? readEvents(context, client, reading) : undefined,
    has('featureFlags') ? readFlags(client, signal) : undefined,
    has('cohorts') ? readAll(client.cohorts.list({}, { signal })) : undefined,
    has('groups') ? readGroups(client, signal) : undefined,
    has('variables') ? readAll(client.insightVariables.list({}, { signal })) : undefined,
  ])
  return {
    events: events?.events,
    eventProperties: events?.properties ?? [],
    featureFlags,
    cohorts: cohorts
      ?.filter(({ deleted }) => deleted !== true)
      .map(({ id, name, is_static }) => ({ id, name: name ?? '', isStatic: is_static === true })),
    groups,
    variables: variables?.flatMap((variable) => describeVariable(variable) ?? []),
  }
}

/** Reads event definitions, and the properties of the selected events with one request each. */
async function readEvents(
  context: Context,
  client: TypehogClient,
  { maxEvents, concurrency, previous }: ProjectReading,
): Promise<{
  readonly events: NonNullable<ProjectDescription['events']>
  readonly properties: ProjectDescription['eventProperties']
}> {
  const { signal } = context.io
  const listed = await readAll(client.eventDefinitions.list({ limit: pageSize }, { signal }))
  // Pages shift while events arrive, so a list can contain an event twice.
  const definitions = [...new Map(listed.map((definition) => [definition.name, definition])).values()]
  const ranked = definitions.map(rankedEvent)
  const counts = await countEvents(context, client, ranked, { maxEvents, previous })
  const selected = [...selectEvents(ranked, maxEvents, previous, counts)]
  const progress = context.progress('Reading event properties', selected.length)
  try {
    const seen = await mapConcurrent(selected, concurrency, signal, async (name, callSignal) => {
      const properties = await readAll(
        client.propertyDefinitions.list(
          {
            type: 'event',
            event_names: JSON.stringify([name]),
            filter_by_event_names: true,
            // Each flag adds a property to every event.
            is_feature_flag: false,
            limit: pageSize,
          },
          { signal: callSignal },
        ),
      )
      progress.tick()
      return [name, properties] as const
    })
    const byEvent = new Map(seen)
    const all = new Map<string, ListedProperty>()
    for (const [, properties] of seen) for (const property of properties) all.set(property.name, property)
    return {
      events: definitions.map((definition) => {
        const properties = byEvent.get(definition.name)
        return describeEvent(definition, properties && [...new Set(properties.map(({ name }) => name))])
      }),
      properties: [...all.values()].map(describeProperty),
    }
  } finally {
    progress.finish()
  }
}

/** Counts the events of 30 days by name, if there are more events than a pull reads properties of. */
async function countEvents(
  context: Context,
  client: TypehogClient,
  events: readonly RankedEvent[],
  { maxEvents, previous }: Pick<ProjectReading, 'maxEvents' | 'previous'>,
): Promise<ReadonlyMap<string, number>> {
  const locked = lockedProperties(previous)
  const kept = events.filter(({ name }) => locked.has(name)).length
  if (events.length <= maxEvents || kept >= maxEvents) return new Map()
  const query = hogql<{ event: string; count: number }>`
    select event, count() as count from events
    where timestamp > now() - interval 30 day and timestamp <= now()
    group by event order by count desc, event limit ${maxEvents + kept}`
  try {
    const { rows } = await client.hogql(query, { signal: context.io.signal })
    return new Map(rows.map(({ event, count }) => [event, count]))
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error
    context.note(
      'The key lacks query:read. Reading properties of the events seen last, not of the most frequent.',
    )
    return new Map()
  }
}

/** Reads all flags. PostHog lists archived flags only on request. */
async function readFlags(client: TypehogClient, signal: AbortSignal): Promise<FlagDescription[]> {
  const [current, archived] = await Promise.all([
    readAll(client.featureFlags.list({ limit: pageSize }, { signal })),
    readAll(client.featureFlags.list({ archived: 'true', limit: pageSize }, { signal })),
  ])
  // An older server ignores the filter and answers with all flags.
  const byKey = new Map([...archived, ...current].map((flag) => [flag.key, flag]))
  return [...byKey.values()].filter(({ deleted }) => deleted !== true).map(describeFlag)
}

async function readGroups(client: TypehogClient, signal: AbortSignal): Promise<GroupTypeDescription[]> {
  const types = await readAll(client.groups.types({ signal }))
  return Promise.all(
    types.map(async ({ group_type: type, group_type_index: index }) => {
      const filters = { type: 'group', group_type_index: index, limit: pageSize } as const
      const properties = await readAll(client.propertyDefinitions.list(filters, { signal }))
      return { type, index, properties: properties.map(describeProperty) }
    }),
  )
}

async function readAll<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
