import { isObject } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { findGroup } from '../groups/group-store.ts'
import { personsOf, readPersons } from '../persons/person-table.ts'
import type { EvaluationContext, Subject, SubjectGroup } from './evaluate.ts'

/** Whom a request asks about; properties that it gives come before those that are stored. */
export interface AskedSubject {
  readonly distinctId: string
  readonly personProperties?: unknown
  /** Keys of groups by the name of their kind. */
  readonly groups?: unknown
  readonly groupProperties?: unknown
}

/** Looks up what is stored of a person and of groups. */
export async function readSubject(world: ServerState, asked: AskedSubject): Promise<Subject> {
  const { distinctId } = asked
  const uuid = (await personsOf(world, [distinctId])).get(distinctId)
  const [person] = uuid === undefined ? [] : await readPersons(world, [uuid])
  return {
    distinctId,
    uuid,
    properties: {
      ...person?.properties,
      distinct_id: distinctId,
      ...objectOf(asked.personProperties),
    },
    groups: groupsOf(world, objectOf(asked.groups), objectOf(asked.groupProperties)),
  }
}

function groupsOf(
  world: ServerState,
  keys: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, unknown>>,
): Map<number, SubjectGroup> {
  const { stores } = world.data
  const groups = new Map<number, SubjectGroup>()
  for (const { group_type: name, group_type_index: index } of stores.groupTypes) {
    const key = keys[name]
    if (key === undefined || key === null) continue
    const stored = findGroup(stores, index, String(key))?.group_properties
    groups.set(index, { key: String(key), properties: { ...stored, ...objectOf(properties[name]) } })
  }
  return groups
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}

/** What the flags of a project are evaluated with. */
export function evaluationContext(world: ServerState, project: number): EvaluationContext {
  const { flags, cohorts } = world.data.stores
  return {
    flags: flags.filter((flag) => flag.project === project && !flag.settings.deleted),
    cohorts,
    now: world.now(),
  }
}
