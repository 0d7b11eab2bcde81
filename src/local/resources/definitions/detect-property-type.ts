/** Type of a property by its definition. */
export type DetectedType = 'DateTime' | 'String' | 'Numeric' | 'Boolean'

/** Properties that hold text, even if the first value looks like a number or a boolean. */
const ALWAYS_TEXT = /^(?:utm_|\$initial_utm_|\$feature\/|\$survey_response|\$feature_flag_response$)/
/** Names of properties whose large integers are times. */
const TIME_NAME = /time|date|_at|-at|createdat/
const DATE_TEXT =
  /^(?:\d{4}[/-][0-2]\d[/-][0-3]\d|[0-2]\d[/-][0-3]\d[/-]\d{4})(?:[ T][0-2]\d:[0-6]\d:[0-6]\d.*)?$/
const MAIL_DATE =
  /^(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|[A-Z]+)$/
const SIX_MONTHS_SECONDS = 15_768_000

/**
 * Type that PostHog gives a property when it sees the first value. Null for lists, objects and null.
 *
 * @see PostHog/posthog rust/property-defs-rs/src/types.rs, detect_property_type
 */
export function detectPropertyType(name: string, value: unknown, now: Date): DetectedType | null {
  const key = name.toLowerCase()
  if (ALWAYS_TEXT.test(key)) return 'String'
  if (typeof value === 'boolean') return 'Boolean'
  if (typeof value === 'number') return TIME_NAME.test(key) && isUnixTime(value, now) ? 'DateTime' : 'Numeric'
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^(?:true|false|TRUE|FALSE)$/.test(text)) return 'Boolean'
  return DATE_TEXT.test(text) || MAIL_DATE.test(text) ? 'DateTime' : 'String'
}

/** Whether an integer is a time of the last six months or later, in seconds or milliseconds. */
function isUnixTime(value: number, now: Date): boolean {
  return Number.isInteger(value) && value >= Math.floor(now.getTime() / 1_000) - SIX_MONTHS_SECONDS
}
