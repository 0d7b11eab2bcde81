import { NotFoundError } from '../runtime/errors/not-found-error.ts'
import type { CallOptions } from './requester.ts'

/** How many objects are deleted. */
export interface DeleteManyOptions {
  /** Only reads what would be deleted. Default: `false`. */
  readonly dryRun?: boolean
  /** Objects at a time. Default: 4. */
  readonly concurrency?: number
  /** Stops before the next object; those under way end. The reason is thrown as it is. */
  readonly signal?: AbortSignal
}

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

/** Deletes objects one by one, a few at a time. */
export async function deleteMany<Id>(
  ids: Iterable<Id> | AsyncIterable<Id>,
  read: (id: Id, options: CallOptions) => PromiseLike<unknown>,
  remove: (id: Id, options: CallOptions) => PromiseLike<unknown>,
  { dryRun = false, concurrency = 4, signal }: DeleteManyOptions = {},
): Promise<DeletionReport<Id>> {
  const outcomes: { id: Id; outcome: Outcome }[] = []
  const running = new Set<Promise<void>>()
  const call: CallOptions = signal === undefined ? {} : { signal }
  const seen = new Set<Id>()
  for await (const id of ids) {
    if (seen.has(id)) continue
    seen.add(id)
    const entry: { id: Id; outcome: Outcome } = { id, outcome: 'deleted' }
    outcomes.push(entry)
    const work = Promise.resolve((dryRun ? read : remove)(id, call)).then(
      (answer) => {
        // A deleted object may still be read: it says so itself.
        if (dryRun && Object(answer).deleted === true) entry.outcome = 'missing'
      },
      (error: unknown) => {
        entry.outcome = error instanceof NotFoundError ? 'missing' : { error }
      },
    )
    running.add(work)
    work.finally(() => running.delete(work))
    if (running.size >= Math.max(1, concurrency)) await Promise.race(running)
    signal?.throwIfAborted()
  }
  await Promise.all(running)
  signal?.throwIfAborted()
  const those = (which: Outcome): Id[] => {
    return outcomes.filter(({ outcome }) => outcome === which).map(({ id }) => id)
  }
  return {
    dryRun,
    deleted: those('deleted'),
    missing: those('missing'),
    failed: outcomes.flatMap(({ id, outcome }) => {
      return typeof outcome === 'object' ? [{ id, error: outcome.error }] : []
    }),
  }
}
