import { isPlainObject } from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { closestName } from '../../shared/did-you-mean.ts'
import type { BodyOf } from '../requester.ts'
import type { all, FeatureFlag, one } from './flag.ts'

type Filters = FeatureFlag['filters']
type ConditionGroup = NonNullable<Filters['groups']>[number]
type Condition = NonNullable<ConditionGroup['properties']>[number]
type Variant = NonNullable<Filters['multivariate']>['variants'][number]
type FlagBody = BodyOf<`POST ${typeof all}`> & BodyOf<`PATCH ${typeof one}`>

/** Names of the fields of a type or of any member of a union. A record, so that the compiler reports a missing one. */
type FieldNames<T> = Readonly<Record<T extends unknown ? keyof T : never, true>>

const flagFields: FieldNames<FeatureFlag> & FieldNames<FlagBody> = {
  _should_create_usage_dashboard: true,
  active: true,
  analytics_dashboards: true,
  archived: true,
  bucketing_identifier: true,
  can_edit: true,
  created_at: true,
  created_by: true,
  deleted: true,
  ensure_experience_continuity: true,
  evaluation_contexts: true,
  evaluation_runtime: true,
  experiment_set: true,
  experiment_set_metadata: true,
  features: true,
  filters: true,
  has_encrypted_payloads: true,
  has_enriched_analytics: true,
  id: true,
  is_eligible_for_experiment: true,
  is_remote_configuration: true,
  is_used_in_replay_settings: true,
  key: true,
  last_called_at: true,
  last_modified_by: true,
  name: true,
  original_flag: true,
  performed_rollback: true,
  rollback_conditions: true,
  status: true,
  surveys: true,
  tags: true,
  team_id: true,
  updated_at: true,
  usage_dashboard: true,
  user_access_level: true,
  version: true,
}

const filterFields: FieldNames<Filters> = {
  aggregation_group_type_index: true,
  early_exit: true,
  feature_enrollment: true,
  groups: true,
  holdout: true,
  holdout_groups: true,
  multivariate: true,
  payloads: true,
  super_groups: true,
}

const groupFields: FieldNames<ConditionGroup> = {
  aggregation_group_type_index: true,
  description: true,
  properties: true,
  rollout_percentage: true,
  sort_key: true,
  users_affected: true,
  variant: true,
}

const conditionFields: FieldNames<Condition> = {
  cohort_name: true,
  group_type_index: true,
  key: true,
  operator: true,
  type: true,
  value: true,
}

/**
 * Fields that the app saves with conditions and the document omits. PostHog's property model accepts them.
 * Source: PostHog/posthog posthog/models/property/property.py; PostHog/posthog frontend/src/types.ts
 */
const undocumentedConditionFields = {
  dependency_chain: true,
  group_key_names: true,
  label: true,
  negation: true,
} as const

const multivariateFields: FieldNames<NonNullable<Filters['multivariate']>> = { variants: true }

const variantFields: FieldNames<Variant> = { key: true, name: true, rollout_percentage: true }

/** An object of a flag with its place and the names that PostHog knows there. */
interface Level {
  /** Path without indexes. Levels with the same path have the same fields. */
  readonly path: string
  /** Path as JavaScript writes it, for messages. */
  readonly place: string
  readonly value: unknown
  readonly known: Readonly<Record<string, true>>
}

/**
 * Asserts that the body of a flag has no unknown field, because PostHog ignores them: a condition group with a misspelled
 * `rollout_percentage` is on for everybody.
 *
 * @param returned the flag as PostHog returned it. Unknown fields that it has are allowed.
 * @throws ConfigurationError that names the field and suggests the closest one
 */
export function rejectUnknownFlagFields(body: unknown, returned: unknown = {}): void {
  // The request rejects a body that is not an object.
  if (!isPlainObject(body)) return
  const extra = new Map<string, Set<string>>()
  for (const { path, value } of levelsOf(returned)) {
    const names = extra.get(path) ?? new Set()
    for (const name of fieldNamesOf(value)) names.add(name)
    extra.set(path, names)
  }
  for (const { path, place, value, known } of levelsOf(body)) {
    const unknown = fieldNamesOf(value).find(
      (name) => !Object.hasOwn(known, name) && extra.get(path)?.has(name) !== true,
    )
    if (unknown !== undefined) throw unknownField(place, unknown, Object.keys(known))
  }
}

function* levelsOf(flag: unknown): Generator<Level, undefined> {
  yield { path: 'flag', place: 'the flag', value: flag, known: flagFields }
  const filters = memberOf(flag, 'filters')
  yield { path: 'filters', place: '`filters`', value: filters, known: filterFields }
  for (const list of ['groups', 'super_groups', 'holdout_groups']) {
    for (const [index, group] of itemsOf(memberOf(filters, list)).entries()) {
      const place = `filters.${list}[${index}]`
      yield { path: list, place: `\`${place}\``, value: group, known: groupFields }
      for (const [position, condition] of itemsOf(memberOf(group, 'properties')).entries()) {
        yield {
          path: `${list}.properties`,
          place: `\`${place}.properties[${position}]\``,
          value: condition,
          known: { ...conditionFields, ...undocumentedConditionFields },
        }
      }
    }
  }
  const multivariate = memberOf(filters, 'multivariate')
  const place = 'filters.multivariate'
  yield { path: place, place: `\`${place}\``, value: multivariate, known: multivariateFields }
  const variants = itemsOf(memberOf(multivariate, 'variants'))
  for (const [index, variant] of variants.entries()) {
    yield {
      path: `${place}.variants`,
      place: `\`${place}.variants[${index}]\``,
      value: variant,
      known: variantFields,
    }
  }
  yield {
    path: 'filters.payloads',
    place: '`filters.payloads`',
    value: memberOf(filters, 'payloads'),
    known: payloadNames(multivariate, variants),
  }
}

/**
 * Names of payloads: the keys of the variants, or `true` without variants. PostHog rejects other names.
 * Source: PostHog/posthog posthog/api/feature_flag.py
 */
function payloadNames(multivariate: unknown, variants: readonly unknown[]): Readonly<Record<string, true>> {
  const keys = isPlainObject(multivariate) ? variants.map((variant) => memberOf(variant, 'key')) : ['true']
  return Object.fromEntries(keys.map((key) => [String(key), true]))
}

function unknownField(place: string, name: string, known: readonly string[]): ConfigurationError {
  const suggestion = closestName(name, known)
  const names =
    suggestion === undefined
      ? `Use one of its fields: ${known.join(', ')}.`
      : `Did you mean \`${suggestion}\`?`
  return new ConfigurationError({
    message: `${place === 'the flag' ? 'A flag' : place} has no field \`${name}\`.`,
    fix: `${names} Nothing was sent. For a field that is newer than Typehog, use \`posthog.request\`.`,
  })
}

function memberOf(value: unknown, name: string): unknown {
  return isPlainObject(value) ? value[name] : undefined
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Names of the fields that JSON contains. */
function fieldNamesOf(value: unknown): string[] {
  return isPlainObject(value) ? Object.keys(value).filter((name) => value[name] !== undefined) : []
}
