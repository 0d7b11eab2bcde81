import type { ErasureReceipt } from '../../resources/persons/erase.ts'
import { describeError, renderError } from '../errors.ts'
import type { Flags } from '../library-fixes.ts'
import { type Line, style } from '../output/style.ts'
import { formatCount } from '../output/text.ts'

/** A receipt as lines. */
interface RenderedReceipt {
  /** Lines for stdout. */
  readonly facts: readonly Line[]
  /** Lines for stderr: persons and requests that failed. */
  readonly problems: readonly Line[]
}

/** Renders the receipt of an erasure. */
export function renderReceipt(receipt: ErasureReceipt, flags: Flags): RenderedReceipt {
  const { requested, found, deleted, queued, unreported, eventsQueued, recordingsQueued } = receipt
  const facts: (readonly [label: string, value: string])[] = [
    ['requested', formatCount(requested, 'distinct id')],
    ['found', formatCount(found, 'person')],
    ['deleted', formatCount(deleted, 'person')],
    ...(queued === 0 ? [] : [['queued', formatCount(queued, 'person')] as const]),
    ...(unreported === 0
      ? []
      : [
          ['accepted', `${formatCount(unreported, 'distinct id')}, without a report of the persons`] as const,
        ]),
    ['events', eventsQueued ? 'queued: PostHog deletes them on Sundays at 5:00 UTC' : 'not queued'],
    ['recordings', recordingsQueued ? 'queued' : 'not queued'],
    ['time', receipt.at.toISOString()],
  ]
  return {
    facts: facts.map(([label, value]): Line => [style.bold(label.padEnd(12)), value]),
    problems: [
      ...receipt.refused.map((uuid) => `PostHog could not delete the person ${uuid}.`),
      ...receipt.failed.flatMap(({ ids, error }): Line[] => [
        `The request for ${formatCount(ids.length, 'distinct id')} failed. It is safe to erase them again:`,
        `  ${ids.join(', ')}`,
        ...renderError(describeError(error, flags), error, false),
      ]),
    ],
  }
}

/** The receipt as JSON. Errors are messages with their fixes. */
export function receiptToJson(receipt: ErasureReceipt, flags: Flags): Readonly<Record<string, unknown>> {
  const failed = receipt.failed.map(({ ids, error }) => {
    const { message, fix = null } = describeError(error, flags)
    return { ids, error: { message, fix } }
  })
  return { ...receipt, failed, at: receipt.at.toISOString() }
}
