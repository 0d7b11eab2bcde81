import { isPlainObject } from '../runtime/config/check-options.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'

/**
 * The desired fields whose current value differs. Members that PostHog adds to a value, such as ids and fingerprints, do
 * not count; neither do the order and case of `tags`.
 */
export function differingFields<Desired extends object>(current: object, desired: Desired): Partial<Desired> {
  const known = new Map(Object.entries(current))
  const differing = Object.entries(desired).filter(([field, value]) => {
    if (value === undefined) return false
    if (field === 'tags') return !includes(normalizedTags(known.get(field)), normalizedTags(value))
    return !includes(known.get(field), value)
  })
  // Every entry is one of `desired`.
  return Object.fromEntries(differing) as Partial<Desired>
}

/** Whether a JSON value has all members of another one. Absent members equal null. */
export function includes(current: unknown, desired: unknown): boolean {
  if (Array.isArray(desired)) {
    if (!Array.isArray(current) || current.length !== desired.length) return false
    return desired.every((item, index) => includes(current[index], item))
  }
  if (!isPlainObject(desired)) return (current ?? null) === (desired ?? null)
  const known = new Map(Object.entries(Object(current)))
  return Object.entries(desired).every(
    ([name, value]) => value === undefined || includes(known.get(name), value),
  )
}

/**
 * The only object of a search, or undefined if there is none.
 *
 * @throws ConfigurationError if there are several
 */
export function onlyOne<Found extends { readonly id: number }>(
  found: readonly Found[],
  what: string,
): Found | undefined {
  if (found.length <= 1) return found[0]
  throw new ConfigurationError({
    message: `There are ${found.length} ${what}: ${found.map(({ id }) => id).join(', ')}. Expected at most one.`,
    fix: 'Delete all but one, or update one of them by id. Nothing was changed.',
  })
}

/** Tags as PostHog stores them: trimmed, lowercase and unique. Sorted, as their order has no meaning. */
export function normalizedTags(tags: unknown): unknown {
  if (!Array.isArray(tags)) return tags
  return [...new Set(tags.map((tag) => String(tag).trim().toLowerCase()))].sort()
}
