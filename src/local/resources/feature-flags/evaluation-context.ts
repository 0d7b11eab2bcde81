import { isObject } from '../../../shared/is-object.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf } from '../../store/collection.ts'
import { COHORTS } from '../cohorts/membership.ts'
import { findGroup, groupTypesOf } from '../groups/groups.ts'
import { personsOf, readPersons } from '../persons/person-table.ts'
import type { EvaluationContext, Subject, SubjectGroup } from './evaluate.ts'
import { flagsOf } from './flag-record.ts'

/** The subject of a request. Its properties override stored ones. */
export interface RequestedSubject {
  readonly distinctId: string
  readonly deviceId?: unknown
  readonly personProperties?: unknown
  /** Group keys by the name of the group type. */
  readonly groups?: unknown
  readonly groupProperties?: unknown
}

/** Reads the stored properties of a person and of groups. */
export async function readSubject(state: ServerState, requested: RequestedSubject): Promise<Subject> {
  const { distinctId } = requested
  const uuid = (await personsOf(state, [distinctId])).get(distinctId)
  const [person] = uuid === undefined ? [] : await readPersons(state, [uuid])
  return {
    distinctId,
    deviceId: typeof requested.deviceId === 'string' ? requested.deviceId : '',
    uuid,
    properties: {
      ...person?.properties,
      distinct_id: distinctId,
      ...objectOf(requested.personProperties),
    },
    groups: groupsOf(state, objectOf(requested.groups), objectOf(requested.groupProperties)),
  }
}

function groupsOf(
  state: ServerState,
  keys: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, unknown>>,
): Map<number, SubjectGroup> {
  const groups = new Map<number, SubjectGroup>()
  for (const { group_type: name, group_type_index: index } of groupTypesOf(state)) {
    const key = keys[name]
    if (key === undefined || key === null) continue
    const stored = findGroup(state, index, String(key))?.group_properties
    groups.set(index, { key: String(key), properties: { ...stored, ...objectOf(properties[name]) } })
  }
  return groups
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}

/** The flags and cohorts that an evaluation in a project may refer to. */
export function evaluationContext(state: ServerState, project: number): EvaluationContext {
  return {
    flags: flagsOf(state, project),
    cohorts: collectionOf(state, COHORTS).all(),
    now: state.now(),
  }
}
