import { ConfigurationError } from '../errors/configuration-error.ts'
import { pointAt } from '../errors/point-at.ts'
import { TruncatedResultError } from '../errors/truncated-result-error.ts'
import type { ToArrayOptions } from './list.ts'
import type { ListSetting, Page } from './page.ts'
import { walk } from './walk.ts'

/** All items of a list, or an error that has them when there are more than were to be taken. */
export async function collect<Item>(
  setting: ListSetting,
  first: Promise<Page<Item>> | undefined,
  { max, allowPartial = false }: ToArrayOptions,
): Promise<Item[]> {
  if (!Number.isInteger(max) || max < 1) {
    throw new ConfigurationError({
      message: `\`max\` is ${String(max)}.`,
      fix: 'Say how many items you can take: a whole number from 1.',
    })
  }
  const all: Item[] = []
  // One page after the other: asking ahead would ask for a page too many.
  for await (const { items, next } of walk({ ...setting, prefetch: false }, first)) {
    for (const item of items) all.push(item)
    if (all.length < max || (all.length === max && next === undefined)) continue
    if (allowPartial) return all.slice(0, max)
    if (all.length === max) continue
    const error = new TruncatedResultError({
      message: `${setting.operation} has more than the ${max} items that were to be taken at most.`,
      fix: 'Raise `max`, loop over the list, narrow it by its filters, or pass `allowPartial: true`.',
      items: all.slice(0, max),
      cursor: next,
    })
    throw pointAt(error, setting.trace, setting.redactText)
  }
  return all
}
