import { ConfigurationError, isPostHogError } from '../../runtime/errors/posthog-error.ts'
import { notFound } from '../check-arguments.ts'
import type { JsonObject } from './catalog.ts'
import { dashboardKind } from './dashboard-kind.ts'
import { flagKind } from './flag-kind.ts'
import { jsonChanges, type ObjectChange } from './json-changes.ts'
import { cannotCopy, type ObjectKind } from './object-kind.ts'
import type { ProjectObjectType, ProjectSide } from './project-side.ts'
import { endpointKind, insightKind, variableKind } from './query-kinds.ts'
import { type ReferenceKind, type TranslateId, translateReferences } from './references.ts'

/** How to compare and copy each type of object. */
export const kinds: Readonly<Record<ProjectObjectType, ObjectKind>> = {
  featureFlag: flagKind,
  insightVariable: variableKind,
  insight: insightKind,
  endpoint: endpointKind,
  dashboard: dashboardKind,
}

/** What is planned for an object of the source project. */
export interface PlannedObject {
  readonly type: ProjectObjectType
  readonly key: string
  readonly status: 'missing' | 'different' | 'same' | 'refused'
  readonly changes: readonly ObjectChange[]
  /** Why the object cannot be copied. */
  readonly refusal?: ConfigurationError
  /** The object in the source project, complete. */
  readonly source: JsonObject
  /** The object of the same name in the target project. */
  readonly target?: JsonObject
}

/** A type of objects with the selected names, or all. */
export type Selected = readonly (readonly [type: ProjectObjectType, names: readonly string[] | true])[]

/**
 * Plans the copy of the selected objects and of those that they require. Each comes after those that it requires. Only
 * reads.
 *
 * @throws NotFoundError if the source project lacks a selected object
 */
export async function planObjects(
  source: ProjectSide,
  target: ProjectSide,
  selected: Selected,
): Promise<PlannedObject[]> {
  const objects: [ProjectObjectType, JsonObject][] = []
  for (const [type, names] of selected) {
    for (const object of await selectedObjects(source, type, names)) objects.push([type, object])
  }
  const planned = new Map<string, PlannedObject>()
  const inProgress = new Set<string>()
  const isSelected = (type: ProjectObjectType, id: unknown): boolean =>
    objects.some(([other, object]) => other === type && source.catalogs[type].idOf(object) === id)

  const plan = async (type: ProjectObjectType, object: JsonObject): Promise<PlannedObject> => {
    const catalog = source.catalogs[type]
    const id = `${type} ${catalog.idOf(object)}`
    const known = planned.get(id)
    if (known !== undefined) return known
    inProgress.add(id)
    const result = await planObject(source, target, type, object, { planName, translate })
    inProgress.delete(id)
    planned.set(id, result)
    return result
  }
  const planName = async (type: ProjectObjectType, name: string): Promise<PlannedObject | undefined> => {
    const [object] = await source.catalogs[type].named(name)
    return object && plan(type, object)
  }
  const translate = translator(source, target, async (kind, object) => {
    const copies = kind === 'insightVariable' || (kind === 'featureFlag' && isSelected(kind, object['id']))
    if (!copies || inProgress.has(`${kind} ${object['id']}`)) return undefined
    const { status, key, refusal } = await plan(kind, object)
    if (refusal !== undefined) throw refusal
    return status === 'missing' ? `(id of the new ${source.catalogs[kind].noun} "${key}")` : undefined
  })
  for (const [type, object] of objects) await plan(type, object)
  return [...planned.values()]
}

async function selectedObjects(
  source: ProjectSide,
  type: ProjectObjectType,
  names: readonly string[] | true,
): Promise<readonly JsonObject[]> {
  const catalog = source.catalogs[type]
  if (names === true) return catalog.all()
  const objects: JsonObject[] = []
  for (const name of new Set(names)) {
    const [found] = await catalog.named(name)
    if (found === undefined) throw notFound(catalog.route, `${catalog.noun} "${name}" in ${source.label}`)
    objects.push(found)
  }
  return objects
}

/** What planning one object needs of the plan. */
interface PlanContext {
  /** Plans the object of a name first. */
  planName(type: ProjectObjectType, name: string): Promise<PlannedObject | undefined>
  readonly translate: TranslateId
}

async function planObject(
  source: ProjectSide,
  target: ProjectSide,
  type: ProjectObjectType,
  listed: JsonObject,
  { planName, translate }: PlanContext,
): Promise<PlannedObject> {
  const kind = kinds[type]
  const catalog = source.catalogs[type]
  const key = catalog.nameOf(listed) || String(listed['short_id'] ?? catalog.idOf(listed))
  let object = listed
  try {
    if (catalog.nameOf(listed) === '') throw cannotCopy('It has no name.', `Give the ${catalog.noun} a name.`)
    assertOne(source, type, key, await catalog.named(key))
    const existing = assertOne(target, type, key, await target.catalogs[type].named(key))
    object = (await kind.read?.(source, listed)) ?? listed
    kind.check?.(object)
    for (const required of kind.requires?.(object) ?? []) {
      const { refusal, target: known } = (await planName(required.type, required.name)) ?? {}
      if (refusal === undefined || known !== undefined) continue
      const { noun } = source.catalogs[required.type]
      throw cannotCopy(
        `Its ${noun} "${required.name}" cannot be copied. ${refusal.message}`,
        refusal.fix ?? '',
      )
    }
    const wanted = await kind.fields(object, (value) => translateReferences(value, translate))
    if (existing === undefined) return { type, key, status: 'missing', changes: [], source: object }
    // Variables are shared by queries, so a copy never changes them.
    if (type === 'insightVariable')
      return { type, key, status: 'same', changes: [], source: object, target: existing }
    const current = (await kind.read?.(target, existing)) ?? existing
    const changes = jsonChanges(await kind.fields(current, async (value) => value), wanted)
    const status = changes.length === 0 ? 'same' : 'different'
    return { type, key, status, changes, source: object, target: current }
  } catch (error) {
    if (!isPostHogError(error) || !(error instanceof ConfigurationError)) throw error
    const [known] = await target.catalogs[type].named(key)
    const refused = { type, key, status: 'refused', changes: [], refusal: error, source: object } as const
    return known === undefined ? refused : { ...refused, target: known }
  }
}

/** The only object of a name, or undefined if there is none. */
function assertOne(
  side: ProjectSide,
  type: ProjectObjectType,
  name: string,
  found: readonly JsonObject[],
): JsonObject | undefined {
  if (found.length <= 1) return found[0]
  const { noun, idOf } = side.catalogs[type]
  const ids = found.map((object) => idOf(object)).join(', ')
  throw cannotCopy(
    `There are ${found.length} ${noun}s named "${name}" in ${side.label}: ${ids}.`,
    'Rename or delete all but one.',
  )
}

/**
 * Creates a translator of ids, by the names of their objects.
 *
 * @param onMissing returns the id of an object that the target project lacks but will get. Undefined rejects it.
 */
export function translator(
  source: ProjectSide,
  target: ProjectSide,
  onMissing: (kind: ReferenceKind, object: JsonObject) => Promise<string | undefined>,
): TranslateId {
  return async (kind, id) => {
    const catalog = source.catalogs[kind]
    const object = await catalog.byId(id)
    if (object === undefined) {
      throw cannotCopy(
        `It refers to the ${catalog.noun} ${id}, which does not exist.`,
        'Remove the reference.',
      )
    }
    const name = catalog.nameOf(object)
    const found = await target.catalogs[kind].named(name)
    const [known] = found
    if (found.length > 1) {
      throw cannotCopy(
        `It refers to the ${catalog.noun} "${name}", and ${target.label} has ${found.length} of this name.`,
        'Rename all but one.',
      )
    }
    if (known !== undefined) {
      if (kind === 'insightVariable' && known['type'] !== object['type']) {
        throw cannotCopy(
          `Its SQL variable "${name}" is a ${object['type']}, and a ${known['type']} in ${target.label}.`,
          'Give both the same type.',
        )
      }
      return target.catalogs[kind].idOf(known)
    }
    const pending = await onMissing(kind, object)
    if (pending !== undefined) return pending
    throw cannotCopy(
      `It refers to the ${catalog.noun} "${name}", which ${target.label} lacks.`,
      `Create it there first${kind === 'featureFlag' ? ', or copy both' : ''}.`,
    )
  }
}
