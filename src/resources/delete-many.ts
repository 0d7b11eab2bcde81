import {
  checkBoolean,
  checkSignal,
  type OptionNames,
  positiveInteger,
  rejectUnknownOptions,
} from '../runtime/config/check-options.ts'
import { NotFoundError } from '../runtime/errors/api-errors.ts'
import { requireList } from './check-arguments.ts'
import type { CallOptions } from './requester.ts'

/** Options of `deleteMany`. */
export interface DeleteManyOptions {
  /** Reads the objects and deletes none. Default: `false`. */
  readonly dryRun?: boolean | undefined
  /** Maximum number of concurrent deletions, an integer from 1. Default: 4. */
  readonly concurrency?: number | undefined
  /** Cancels deletions in flight and starts no further ones. Its reason is thrown unchanged. */
  readonly signal?: AbortSignal | undefined
}

const optionNames: OptionNames<DeleteManyOptions> = { dryRun: true, concurrency: true, signal: true }

/** Outcome for each id, in input order. Each id is in exactly one of the arrays. */
export interface DeletionReport<Id> {
  readonly dryRun: boolean
  /** Ids of deleted objects. In a dry run: ids of existing objects. */
  readonly deleted: readonly Id[]
  /** Ids that PostHog does not know. */
  readonly missing: readonly Id[]
  /** Ids whose deletion failed, each with its error. */
  readonly failed: readonly { readonly id: Id; readonly error: unknown }[]
}

type Outcome = 'deleted' | 'missing' | { readonly error: unknown }

/**
 * Deletes objects with limited concurrency.
 *
 * @throws ConfigurationError for an invalid option, or a string instead of an array
 */
export async function deleteMany<Id>(
  ids: Iterable<Id> | AsyncIterable<Id>,
  read: (id: Id, options: CallOptions) => PromiseLike<unknown>,
  remove: (id: Id, options: CallOptions) => PromiseLike<unknown>,
  options: DeleteManyOptions = {},
): Promise<DeletionReport<Id>> {
  requireList('ids', ids)
  rejectUnknownOptions('deleteMany', options, optionNames)
  const { dryRun = false, concurrency, signal } = options
  checkBoolean('dryRun', dryRun)
  checkSignal(signal)
  const maxRunning = positiveInteger('concurrency', concurrency, 4)
  const outcomes = new Map<Id, Outcome>()
  const running = new Set<Promise<void>>()
  const call: CallOptions = signal === undefined ? {} : { signal }
  const work = async (id: Id): Promise<void> => {
    try {
      const response = await (dryRun ? read : remove)(id, call)
      // PostHog still returns soft-deleted objects, with `deleted: true`.
      if (dryRun && Object(response).deleted === true) outcomes.set(id, 'missing')
    } catch (error) {
      outcomes.set(id, error instanceof NotFoundError ? 'missing' : { error })
    }
  }
  try {
    for await (const id of ids) {
      signal?.throwIfAborted()
      if (outcomes.has(id)) continue
      outcomes.set(id, 'deleted')
      const deletion = work(id).then(() => void running.delete(deletion))
      running.add(deletion)
      if (running.size >= maxRunning) await Promise.race(running)
    }
  } finally {
    await Promise.all(running)
  }
  signal?.throwIfAborted()
  const idsWith = (expected: Outcome): Id[] => {
    return [...outcomes].filter(([, outcome]) => outcome === expected).map(([id]) => id)
  }
  return {
    dryRun,
    deleted: idsWith('deleted'),
    missing: idsWith('missing'),
    failed: [...outcomes].flatMap(([id, outcome]) => {
      return typeof outcome === 'object' ? [{ id, error: outcome.error }] : []
    }),
  }
}

/** Groups items into arrays of up to `size`, in order. */
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
