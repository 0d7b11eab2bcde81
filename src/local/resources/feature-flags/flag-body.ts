import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import { conditionSets, variantsOf } from './flag-conditions.ts'
import type { FlagSettings } from './flag-record.ts'

type Mutable<T> = { -readonly [Name in keyof T]?: T[Name] }
type Fields = Readonly<Record<string, unknown>>

const BOOLEANS = [
  'active',
  'archived',
  'deleted',
  'ensure_experience_continuity',
  'has_encrypted_payloads',
  'is_remote_configuration',
] as const
const LISTS = ['tags', 'evaluation_contexts'] as const
const RUNTIMES = ['server', 'client', 'all']
const IDENTIFIERS = ['distinct_id', 'device_id', '', null]

/** A flag of which nothing is said. */
export const DEFAULT_SETTINGS: Omit<FlagSettings, 'key'> = {
  name: '',
  active: true,
  archived: false,
  deleted: false,
  filters: { groups: [{ properties: [], rollout_percentage: null }] },
  tags: [],
  evaluation_contexts: [],
  ensure_experience_continuity: false,
  evaluation_runtime: 'all',
  bucketing_identifier: null,
  has_encrypted_payloads: false,
  is_remote_configuration: false,
  analytics_dashboards: [],
}

/** Reads what a body sets of a flag; fields that PostHog computes are passed over. */
export function readFlag(fields: Fields): Partial<FlagSettings> {
  const settings: Mutable<FlagSettings> = {}
  if (fields['key'] !== undefined) settings.key = readKey(fields['key'])
  if (fields['name'] !== undefined) settings.name = readText(fields, 'name')
  for (const name of BOOLEANS) {
    const value = fields[name]
    if (value === undefined) continue
    if (value !== null && typeof value !== 'boolean') throw invalid(name, 'Must be a valid boolean.')
    settings[name] = value === true
  }
  for (const name of LISTS) {
    const value = fields[name]
    if (value === undefined) continue
    if (!Array.isArray(value)) throw invalid(name, 'Expected a list of items.', 'not_a_list')
    settings[name] = [...new Set(value.map(String))]
  }
  if (fields['filters'] !== undefined && fields['filters'] !== null) {
    settings.filters = readFilters(fields['filters'])
  }
  const runtime = fields['evaluation_runtime']
  if (runtime !== undefined) settings.evaluation_runtime = choice('evaluation_runtime', runtime, RUNTIMES)
  const identifier = fields['bucketing_identifier']
  if (identifier !== undefined) {
    settings.bucketing_identifier = choice('bucketing_identifier', identifier, IDENTIFIERS)
  }
  const dashboards = fields['analytics_dashboards']
  if (Array.isArray(dashboards)) settings.analytics_dashboards = dashboards.map(Number)
  return settings
}

/** Refuses a key that is missing, empty, or not of letters, digits, `-` and `_`. */
function readKey(value: unknown): string {
  if (value === null) throw invalid('key', 'This field may not be null.', 'null')
  if (typeof value !== 'string') throw invalid('key', 'Not a valid string.')
  if (value.trim() === '') throw invalid('key', 'This field may not be blank.', 'blank')
  if (!/^[a-zA-Z0-9_-]+$/.test(value)) {
    throw invalid('key', 'Only letters, numbers, hyphens (-) & underscores (_) are allowed.', 'invalid_key')
  }
  return value
}

function readText(fields: Fields, name: string): string {
  const value = fields[name]
  if (value !== null && typeof value !== 'string') throw invalid(name, 'Not a valid string.')
  return value ?? ''
}

function choice<T>(name: string, value: unknown, choices: readonly T[]): T {
  const found = choices.find((candidate) => candidate === value)
  if (found === undefined) throw invalid(name, `"${String(value)}" is not a valid choice.`, 'invalid_choice')
  return found
}

function readFilters(value: unknown): FlagSettings['filters'] {
  if (!isObject(value)) throw invalid('filters', 'Expected a dictionary of items.')
  const filters = 'groups' in value ? value : { ...DEFAULT_SETTINGS.filters, ...value }
  if (!Array.isArray(filters['groups'])) throw invalid('filters', 'Expected a list of condition sets.')
  const variants = variantsOf(filters)
  const total = variants.reduce((sum, variant) => sum + variant.rollout, 0)
  if (variants.length > 0 && Math.abs(total - 100) > 0.01) {
    const detail = 'Invalid variant definitions: Variant rollout percentages must sum to 100.'
    throw invalid('filters', detail)
  }
  for (const { rollout, variant } of conditionSets(filters)) {
    if (rollout < 0 || rollout > 100) throw invalid('filters', 'A rollout percentage is from 0 to 100.')
    if (variant !== null && !variants.some((candidate) => candidate.key === variant)) {
      throw invalid('filters', `Variant '${variant}' of a condition set does not exist.`)
    }
  }
  return filters
}
