import { rejectUnknownOptions } from '../runtime/config/check-options.ts'
import { ConflictError, NotFoundError } from '../runtime/errors/api-errors.ts'
import { differences, fieldOf, pickFields } from './json-fields.ts'
import { type CallOptions, callOptionNames } from './requester.ts'

/** The result of `revert`. */
export interface Reverted<Target> {
  /**
   * What `revert` did. `restored`: the changed fields have their earlier values. `deleted`: the object that the call
   * created is deleted. `none`: nothing was written, because the call had changed nothing, or the earlier state is back
   * already.
   */
  readonly action: 'restored' | 'deleted' | 'none'
  /** The object as PostHog returned it last. Undefined if it is deleted. */
  readonly object: Target | undefined
  /** Fields that PostHog did not set back to their earlier values. Usually empty. */
  readonly unrestored: readonly string[]
}

/** A result that can be reverted. */
export interface Revertible<Target> {
  /**
   * Undoes the call: restores the fields that it changed, or deletes the object that it created. If the object changed
   * since, `revert` throws and writes nothing. Calling it again returns the same result; after an error, it tries again.
   * Retried like an update: only when PostHog certainly did not act. Not enumerable: JSON and spreads of a result omit it.
   *
   * @throws ConflictError if the object changed since; APIError if PostHog rejects the change
   * @example
   * const rollout = await posthog.featureFlags.setRollout('new-checkout', 25)
   * const { action } = await rollout.revert()
   */
  revert(options?: CallOptions): Promise<Reverted<Target>>
}

/** Undoes a call. */
export type Undo<Target> = (options: CallOptions) => Promise<Reverted<Target>>

/** Adds `revert` to the result of a call. */
export function revertible<Result extends object, Target>(
  result: Result,
  undo: Undo<Target>,
): Result & Revertible<Target> {
  let reverted: Promise<Reverted<Target>> | undefined
  const attempt = async (options: CallOptions): Promise<Reverted<Target>> => {
    try {
      rejectUnknownOptions('revert', options, callOptionNames)
      return await undo(options)
    } catch (error) {
      // Yields, so that `reverted` is assigned even if the options are invalid.
      await Promise.resolve()
      reverted = undefined
      throw error
    }
  }
  const revert: Revertible<Target>['revert'] = (options = {}) => {
    reverted ??= attempt(options)
    return reverted
  }
  Object.defineProperty(result, 'revert', { value: revert })
  // The property was just defined.
  return result as Result & Revertible<Target>
}

/** Adds `revert` to the result of a call that changed nothing. */
export function unchanged<Result extends object, Target>(
  result: Result,
  object: Target,
): Result & Revertible<Target> {
  return revertible(result, async () => ({ action: 'none', object, unrestored: [] }))
}

/** A change of an object, and how to undo it. */
export interface Change<Target extends object> {
  /** The object as the subject of a sentence, such as `The flag "new-checkout"`. */
  readonly name: string
  /** The route that undoes the change. */
  readonly route: string
  /** The object before the call. Undefined if the call created it. */
  readonly before: Target | undefined
  readonly after: Target
  /** The fields that the call changed; of a created object, those that must have the same values still. */
  readonly fields: readonly string[]
  /** PostHog's version of an object, such as `version 3`. Undefined if it has none. */
  readonly version?: ((object: Target) => string | undefined) | undefined
  /** Whether PostHog merges changes of other fields, so that a newer version alone is no conflict. Default: `false`. */
  readonly merges?: boolean
  readonly read: (options: CallOptions) => PromiseLike<Target>
  /** Writes the earlier values of the fields, or deletes a created object. Each is one request. */
  readonly write: (fields: Readonly<Record<string, unknown>>, options: CallOptions) => PromiseLike<unknown>
}

/**
 * Undoes a change unless the object changed since.
 *
 * @throws ConflictError if it did
 */
export async function undoChange<Target extends object>(
  change: Change<Target>,
  options: CallOptions,
): Promise<Reverted<Target>> {
  return change.before === undefined
    ? undoCreation(change, options)
    : restoreFields(change, change.before, options)
}

async function restoreFields<Target extends object>(
  change: Change<Target>,
  before: Target,
  options: CallOptions,
): Promise<Reverted<Target>> {
  const { fields, read, write } = change
  const now = await read(options)
  if (!isDeleted(now) && differences(now, before, fields).length === 0) {
    return { action: 'none', object: now, unrestored: [] }
  }
  checkUnchanged(change, now)
  // A restored object has the type of the object.
  const object = (await write(pickFields(before, fields), options)) as Target
  return { action: 'restored', object, unrestored: differences(object, before, fields) }
}

async function undoCreation<Target extends object>(
  change: Change<Target>,
  options: CallOptions,
): Promise<Reverted<Target>> {
  const now = await readIfExists(change, options)
  if (now === undefined || isDeleted(now)) return { action: 'none', object: undefined, unrestored: [] }
  checkUnchanged(change, now)
  await change.write({ deleted: true }, options)
  return { action: 'deleted', object: undefined, unrestored: [] }
}

async function readIfExists<Target extends object>(
  { read }: Change<Target>,
  options: CallOptions,
): Promise<Target | undefined> {
  try {
    return await read(options)
  } catch (error) {
    if (error instanceof NotFoundError && !error.routeUnknown) return undefined
    throw error
  }
}

function checkUnchanged<Target extends object>(change: Change<Target>, now: Target): void {
  const { name, route, after, fields, version, merges = false } = change
  const [expected, found] = [version?.(after), version?.(now)]
  const changed = [...(isDeleted(now) ? ['deleted'] : []), ...differences(now, after, fields)]
  if (changed.length === 0 && (merges || expected === found)) return
  const versions = expected === undefined ? '' : ` Expected ${expected}, found ${found ?? 'none'}.`
  const named = changed.length === 0 ? '' : ` Changed fields: ${changed.join(', ')}.`
  throw new ConflictError({
    operation: route,
    status: 409,
    message: `${name} changed after the call that \`revert\` undoes${authorOf(now)}.${versions}${named}`,
    fix: 'Read it and decide: change the fields yourself, or leave it as it is. Nothing was written.',
  })
}

/** The user who changed an object last, where PostHog returns it. */
function authorOf(object: object): string {
  const { email } = Object(fieldOf(object, 'last_modified_by'))
  return typeof email === 'string' ? `, last by ${email}` : ''
}

function isDeleted(object: object): boolean {
  return fieldOf(object, 'deleted') === true
}
