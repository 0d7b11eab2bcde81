import { type OptionNames, rejectUnknownOptions, unexpected } from '../../runtime/config/check-options.ts'
import { requireProjectId } from '../../runtime/config/resolve.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { requireList, requireObject, requireText } from '../check-arguments.ts'
import { type CallOptions, callOptionNames, type Requester } from '../requester.ts'
import type { ObjectChange } from './json-changes.ts'
import { type PlannedObject, planObjects, type Selected } from './plan.ts'
import { openSide, type ProjectObjectType, type ProjectSide } from './project-side.ts'

/** The objects to compare or copy: their names, or `true` for all. */
export interface ProjectSelection {
  /** Keys of feature flags. Archived flags are not part of all. */
  readonly featureFlags?: readonly string[] | true | undefined
  /** Names of insights. */
  readonly insights?: readonly string[] | true | undefined
  /** Names of endpoints. */
  readonly endpoints?: readonly string[] | true | undefined
  /** Names of dashboards. Their insights are selected with them. */
  readonly dashboards?: readonly string[] | true | undefined
}

/** Options of `compareProjects`. They apply to each request. */
export type CompareOptions = CallOptions

/** An object of this project, compared with that of the same name in another one. */
export interface ComparedObject {
  readonly type: ProjectObjectType
  /** Key of a flag, name in SQL of a variable, name of all others. */
  readonly key: string
  /**
   * `missing`: the target has no object of this name. `refused`: it cannot be copied, for `reason`. Otherwise whether
   * both are the same in what users wrote; ids, times, authors and results do not count.
   */
  readonly status: 'missing' | 'different' | 'same' | 'refused'
  /** The differences, if `status` is `different`. */
  readonly changes: readonly ObjectChange[]
  /** Why the object cannot be copied. Undefined unless `status` is `refused`. */
  readonly reason: string | undefined
}

/** In the order of a copy: what others refer to comes first. */
const selectionTypes: readonly (readonly [keyof ProjectSelection, ProjectObjectType])[] = [
  ['featureFlags', 'featureFlag'],
  ['insights', 'insight'],
  ['endpoints', 'endpoint'],
  ['dashboards', 'dashboard'],
]

const selectionNames: OptionNames<ProjectSelection> = {
  featureFlags: true,
  insights: true,
  endpoints: true,
  dashboards: true,
}

/** Compares objects of a project with those of another one. Only reads. */
export async function compareSides(
  source: Requester,
  target: Requester,
  selection: ProjectSelection,
  options: CompareOptions = {},
): Promise<ComparedObject[]> {
  rejectUnknownOptions('compareProjects', options, callOptionNames)
  const { objects } = await planProjects(source, target, selection, options)
  return objects.map(toCompared)
}

/** The plan of a copy, and both of its projects. */
export interface ProjectPlan {
  readonly objects: readonly PlannedObject[]
  readonly from: ProjectSide
  readonly to: ProjectSide
}

/** Reads both projects and plans the copy of a selection. */
export async function planProjects(
  source: Requester,
  target: Requester,
  selection: ProjectSelection,
  options: CallOptions,
): Promise<ProjectPlan> {
  const selected = readSelection(selection)
  const project = requireProjectId(source.config)
  if (source.config.host === target.config.host && project === requireProjectId(target.config)) {
    throw new ConfigurationError({
      message: `Expected the target to be another project than ${project}.`,
      fix: 'Pass the id of another project, or client options with its `projectId`. Nothing was sent.',
    })
  }
  const from = openSide(source, options)
  const to = openSide(target, options)
  return { objects: await planObjects(from, to, selected), from, to }
}

/** The public part of a planned object. */
export function toCompared({ type, key, status, changes, refusal }: PlannedObject): ComparedObject {
  return { type, key, status, changes, reason: refusal?.message }
}

function readSelection(selection: ProjectSelection): Selected {
  requireObject('selection', selection)
  rejectUnknownOptions('selection', selection, selectionNames)
  const selected = selectionTypes.flatMap(([option, type]): Selected => {
    const names = selection[option]
    if (names === undefined) return []
    if (names === true) return [[type, names]]
    requireList(option, names)
    for (const name of names) requireText(option, name)
    return [[type, [...names]]]
  })
  if (selected.length > 0) return selected
  const expected = 'an object with featureFlags, insights, endpoints or dashboards'
  throw unexpected('`selection`', selection, expected)
}
