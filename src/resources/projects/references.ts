import { isPlainObject } from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'

/** Kinds of objects that a query or a condition refers to by an id of its project. */
export type ReferenceKind = 'action' | 'cohort' | 'featureFlag' | 'groupType' | 'insightVariable'

/** Translates an id to that of the object with the same name in another project. */
export type TranslateId = (kind: ReferenceKind, id: number | string) => Promise<number | string>

/** Types of property filters on cohorts. Source: PostHog/posthog frontend/src/types.ts, PropertyFilterType. */
const cohortFilters: readonly unknown[] = [
  'cohort',
  'static-cohort',
  'precalculated-cohort',
  'dynamic-cohort',
]
/** Types of actions in the entities of retention and of older queries. */
const actionEntities: readonly unknown[] = ['action', 'actions']
/** Properties that hold ids of persons. */
const personIds: readonly unknown[] = ['person_id', '$person_id', 'distinct_id']
/** Members with ids of objects that have no equal in another project. */
const otherIds =
  /^(?:cohort|action|dashboard|insight|experiment|survey|notebook|holdout|connection|feature_?flag|person|session_?recording)_?ids?$/i
/** SQL that names a cohort or an action by id. */
const idInSql = /\bin\s+cohort\s*\(?\s*\d|\bmatchesAction\s*\(\s*\d|\bcohort_id\s*(?:=|in\b)/i

/**
 * Replaces the ids of other objects in a query or in conditions.
 *
 * @throws ConfigurationError that names the reference, if it cannot be translated
 */
export async function translateReferences(
  value: unknown,
  translate: TranslateId,
  path = '',
): Promise<unknown> {
  if (typeof value === 'string') {
    if (idInSql.test(value))
      throw refusal(path, 'names a cohort or an action by its id, in SQL', 'by its name')
    return value
  }
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const [index, item] of value.entries()) {
      items.push(await translateReferences(item, translate, `${path}[${index}]`))
    }
    return items
  }
  if (!isPlainObject(value)) return value
  if (value['type'] === 'person' && personIds.includes(value['key'])) {
    throw refusal(path, 'selects persons by their ids', 'by other properties')
  }
  if (value['kind'] === 'SavedInsightNode') {
    throw refusal(path, 'names an insight by its id', 'with the query of that insight')
  }
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`
    const kind = kindOf(value, name, member)
    if (kind !== undefined) members.push([name, await translateIds(kind, member, translate)])
    else if (name === 'variables') members.push([name, await translateVariables(member, translate, place)])
    else if (otherIds.test(name) && member !== null && member !== undefined) {
      throw refusal(place, `holds the id ${JSON.stringify(member)}, of this project only`, 'without it')
    } else members.push([name, await translateReferences(member, translate, place)])
  }
  return Object.fromEntries(members)
}

/** The kind of objects whose ids a member holds. */
function kindOf(
  owner: Readonly<Record<string, unknown>>,
  name: string,
  member: unknown,
): ReferenceKind | undefined {
  if (member === null || member === undefined) return undefined
  const { type, key, kind } = owner
  if (cohortFilters.includes(type) && ((name === 'value' && key === 'id') || name === 'property')) {
    return 'cohort'
  }
  if (name === 'breakdown' && owner['breakdown_type'] === 'cohort') return 'cohort'
  if (name === 'key' && type === 'flag') return 'featureFlag'
  if (name === 'id' && (kind === 'ActionsNode' || actionEntities.includes(type))) return 'action'
  if (name === 'actionId') return 'action'
  return /group_type_index$/.test(name) ? 'groupType' : undefined
}

/** Translates an id or each id of an array. Keeps other values, such as the breakdown `all`. */
async function translateIds(kind: ReferenceKind, value: unknown, translate: TranslateId): Promise<unknown> {
  if (Array.isArray(value)) {
    const ids: unknown[] = []
    for (const id of value) ids.push(await translateIds(kind, id, translate))
    return ids
  }
  if (typeof value === 'number') return translate(kind, value)
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return value
  return String(await translate(kind, value))
}

/** Translates SQL variables. PostHog stores them by id, with the id in `variableId` again. */
async function translateVariables(value: unknown, translate: TranslateId, path: string): Promise<unknown> {
  if (!isPlainObject(value)) return translateReferences(value, translate, path)
  const entries: [string, unknown][] = []
  for (const [id, variable] of Object.entries(value)) {
    if (!isPlainObject(variable) || typeof variable['code_name'] !== 'string') {
      entries.push([id, await translateReferences(variable, translate, `${path}.${id}`)])
      continue
    }
    const variableId = await translate('insightVariable', id)
    entries.push([String(variableId), { ...variable, variableId }])
  }
  return Object.fromEntries(entries)
}

function refusal(path: string, what: string, instead: string): ConfigurationError {
  return new ConfigurationError({
    message: `\`${path}\` ${what}.`,
    fix: `Write it ${instead}, or create the object in the other project yourself.`,
  })
}
