import {
  checkBoolean,
  checkSignal,
  type OptionNames,
  refuseUnknown,
} from '../runtime/config/check-options.ts'
import { count } from '../runtime/config/resolve.ts'
import { NotFoundError } from '../runtime/errors/api-errors.ts'
import { requireList } from './check-arguments.ts'
import type { CallOptions } from './requester.ts'

/** How many objects are deleted. */
export interface DeleteManyOptions {
  /** Only reads what would be deleted. Default: `false`. */
  readonly dryRun?: boolean | undefined
  /** Objects at a time; a whole number from 1. Default: 4. */
  readonly concurrency?: number | undefined
  /** Stops before the next object and cancels those under way. The reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined
}

const optionNames: OptionNames<DeleteManyOptions> = { dryRun: true, concurrency: true, signal: true }

/** What became of each object, in the order they were given. Each id is in one of the lists. */
export interface DeletionReport<Id> {
  readonly dryRun: boolean
  /** Deleted; in a dry run, those that are there to be deleted. */
  readonly deleted: readonly Id[]
  /** Those that PostHog does not have. */
  readonly missing: readonly Id[]
  /** Those that could not be deleted, each with the error. */
  readonly failed: readonly { readonly id: Id; readonly error: unknown }[]
}

type Outcome = 'deleted' | 'missing' | { readonly error: unknown }

/**
 * Deletes objects one by one, a few at a time.
 *
 * @throws ConfigurationError for an option that is wrong, and for a text in place of a list
 */
export async function deleteMany<Id>(
  ids: Iterable<Id> | AsyncIterable<Id>,
  read: (id: Id, options: CallOptions) => PromiseLike<unknown>,
  remove: (id: Id, options: CallOptions) => PromiseLike<unknown>,
  options: DeleteManyOptions = {},
): Promise<DeletionReport<Id>> {
  requireList('ids', ids)
  refuseUnknown('deleteMany', options, optionNames)
  const { dryRun = false, concurrency, signal } = options
  checkBoolean('dryRun', dryRun)
  checkSignal(signal)
  const most = count('concurrency', concurrency, 4)
  const outcomes = new Map<Id, Outcome>()
  const running = new Set<Promise<void>>()
  const call: CallOptions = signal === undefined ? {} : { signal }
  const work = async (id: Id): Promise<void> => {
    try {
      const answer = await (dryRun ? read : remove)(id, call)
      // A deleted object may still be read: it says so itself.
      if (dryRun && Object(answer).deleted === true) outcomes.set(id, 'missing')
    } catch (error) {
      outcomes.set(id, error instanceof NotFoundError ? 'missing' : { error })
    }
  }
  try {
    for await (const id of ids) {
      signal?.throwIfAborted()
      if (outcomes.has(id)) continue
      outcomes.set(id, 'deleted')
      const one = work(id).then(() => void running.delete(one))
      running.add(one)
      if (running.size >= most) await Promise.race(running)
    }
  } finally {
    await Promise.all(running)
  }
  signal?.throwIfAborted()
  const those = (which: Outcome): Id[] => {
    return [...outcomes].filter(([, outcome]) => outcome === which).map(([id]) => id)
  }
  return {
    dryRun,
    deleted: those('deleted'),
    missing: those('missing'),
    failed: [...outcomes].flatMap(([id, outcome]) => {
      return typeof outcome === 'object' ? [{ id, error: outcome.error }] : []
    }),
  }
}

/** The items in lists of at most `size`, as they come. */
export async function* inChunks<T>(
  items: Iterable<T> | AsyncIterable<T>,
  size: number,
): AsyncGenerator<T[], undefined> {
  let chunk: T[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
