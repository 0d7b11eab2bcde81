import { checkBoolean, type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { count } from '../../runtime/config/resolve.ts'
import { ConflictError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { requireFunction } from '../check-arguments.ts'
import { type CallOptions, callOptionNames, type Requester } from '../requester.ts'
import { type FeatureFlag, type FeatureFlagChanges, one, readFlag } from './flag.ts'

/** What may be changed by an edit. */
const writable = ['active', 'evaluation_contexts', 'filters', 'key', 'name', 'tags'] as const

/** A flag whose fields may be written to. */
export type FlagDraft = { -readonly [Field in keyof FeatureFlag]: FeatureFlag[Field] }

/** Options of an edit. */
export interface EditOptions extends CallOptions {
  /** Computes the changes and sends none. Default: `false`. */
  readonly dryRun?: boolean | undefined
  /**
   * How often the edit is done in all while others change the flag at the same time; a whole number from 1. Default: 3.
   */
  readonly attempts?: number | undefined
}

/** The names of `EditOptions`, for checks. */
export const editOptionNames: OptionNames<EditOptions> = { ...callOptionNames, dryRun: true, attempts: true }

/** What an edit did. */
export interface EditedFlag {
  /** The flag as it is now; in a dry run, as it was. */
  readonly flag: FeatureFlag
  /** The fields that were sent, or would have been. Empty when the edit changed nothing. */
  readonly changes: FeatureFlagChanges
  readonly dryRun: boolean
  /** How often the edit was done. */
  readonly attempts: number
}

/**
 * Reads a flag, lets it be edited, and writes the fields that are different. PostHog refuses when somebody else changed
 * the same fields meanwhile: the edit is done again then, to the flag as it is now.
 */
export async function editFlag(
  api: Requester,
  id: number | string,
  edit: (draft: FlagDraft) => unknown,
  wanted: EditOptions = {},
): Promise<EditedFlag> {
  requireFunction('edit', edit)
  refuseUnknown('edit', wanted, editOptionNames)
  const { dryRun = false, attempts, ...options } = wanted
  checkBoolean('dryRun', dryRun)
  const most = count('attempts', attempts, 3)
  let flag = await readFlag(api, id, options)
  for (let attempt = 1; ; attempt++) {
    const changes = await changesBy(edit, flag)
    const done = { changes, dryRun, attempts: attempt }
    if (dryRun || Object.keys(changes).length === 0) return { flag, ...done }
    // A PostHog without versions writes over whatever is there: what it has is looked at right before.
    const now = flag.version === undefined || flag.version === null ? await again(api, flag, options) : flag
    try {
      if (!sameJson(picked(now, changes), picked(flag, changes))) throw overtaken(flag)
      return { flag: await write(api, flag, changes, options), ...done }
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= most) throw error
      flag = await again(api, flag, options)
    }
  }
}

async function changesBy(
  edit: (draft: FlagDraft) => unknown,
  flag: FeatureFlag,
): Promise<FeatureFlagChanges> {
  const draft: FlagDraft = structuredClone(flag)
  await edit(draft)
  const changed = [...new Set([...Object.keys(flag), ...Object.keys(draft)])].filter((field) => {
    return !sameJson(comparable(flag, field), comparable(draft, field))
  })
  const forbidden = changed.find((field) => !(writable as readonly string[]).includes(field))
  if (forbidden !== undefined) {
    throw new ConfigurationError({
      message: `The edit changed \`${forbidden}\` of the flag, which cannot be written.`,
      fix: `Change ${writable.join(', ')}; \`delete\`, \`archive\` and \`enable\` are methods of their own.`,
    })
  }
  // JSON cannot say that a field is undefined: it stays as it is.
  const sent = changed.filter((field) => fieldOf(draft, field) !== undefined)
  // Each name is one of `writable`.
  return Object.fromEntries(sent.map((field) => [field, fieldOf(draft, field)])) as FeatureFlagChanges
}

/** A field as PostHog keeps it: tags have no order and are in lower case. */
function comparable(flag: object, field: string): unknown {
  const value = fieldOf(flag, field)
  if (field !== 'tags' || !Array.isArray(value)) return value
  return [...new Set(value.map((tag) => String(tag).trim().toLowerCase()))].sort()
}

/** What a PostHog with versions would have answered. */
function overtaken({ key }: FeatureFlag): ConflictError {
  return new ConflictError({
    operation: `PATCH ${one}`,
    status: 409,
    message: `The flag "${key}" was changed by somebody else meanwhile.`,
    fix: 'Edit it again, or raise `attempts`.',
  })
}

function write(
  api: Requester,
  flag: FeatureFlag,
  changes: FeatureFlagChanges,
  options: CallOptions,
): PromiseLike<FeatureFlag> {
  const { version } = flag
  const guard = typeof version === 'number' ? { version, original_flag: picked(flag, changes) } : {}
  return api.request(`PATCH ${one}`, { path: { id: flag.id }, body: { ...changes, ...guard } }, options)
}

function again(api: Requester, { id }: FeatureFlag, options: CallOptions): PromiseLike<FeatureFlag> {
  return api.request(`GET ${one}`, { path: { id } }, options)
}

function picked(flag: FeatureFlag, changes: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(changes).map((field) => [field, fieldOf(flag, field)]))
}

function fieldOf(flag: object, field: string): unknown {
  return (flag as Readonly<Record<string, unknown>>)[field]
}

/** Whether two values are the same JSON, whatever the order of their keys. */
export function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, sorted) === JSON.stringify(other, sorted)
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
