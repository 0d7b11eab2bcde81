import { member } from '../../http/json.ts'

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const NOUNS: Readonly<Record<string, string>> = {
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  yearly: 'year',
}
/** Limit of the search for the next occurrence. */
const MAX_STEPS = 10_000

/** The next occurrence after `now`; null when there is none. */
export function nextOccurrence(rule: Readonly<Record<string, unknown>>, now: Date): string | null {
  const start = new Date(String(rule['start_date']))
  const until =
    typeof rule['until_date'] === 'string' ? Date.parse(rule['until_date']) : Number.POSITIVE_INFINITY
  const max = typeof rule['count'] === 'number' ? rule['count'] : MAX_STEPS
  let seen = 0
  for (let step = 0; step < MAX_STEPS; step += 1) {
    for (const time of occurrencesAt(rule, start, step)) {
      seen += 1
      if (seen > max || time.getTime() > until) return null
      if (time > now) return time.toISOString()
    }
  }
  return null
}

/** Describes a recurrence, such as `sent every 2 weeks on monday`. */
export function describeRecurrence(rule: Readonly<Record<string, unknown>>): string {
  const noun = NOUNS[String(rule['frequency'])] ?? 'day'
  const interval = Number(rule['interval'] ?? 1)
  const frequency = interval === 1 ? `every ${noun}` : `every ${interval} ${noun}s`
  const days = Array.isArray(rule['byweekday']) ? rule['byweekday'].map(String) : []
  return `sent ${frequency}${days.length === 0 ? '' : ` on ${days.join(', ')}`}`
}

function occurrencesAt(rule: Readonly<Record<string, unknown>>, start: Date, step: number): Date[] {
  const by = step * Number(rule['interval'] ?? 1)
  const time = new Date(start)
  if (rule['frequency'] === 'yearly') time.setUTCFullYear(time.getUTCFullYear() + by)
  else if (rule['frequency'] === 'monthly') time.setUTCMonth(time.getUTCMonth() + by)
  else if (rule['frequency'] === 'daily') time.setUTCDate(time.getUTCDate() + by)
  else return weekdays(rule, start, by)
  return [time]
}

function weekdays(rule: Readonly<Record<string, unknown>>, start: Date, weeks: number): Date[] {
  const days = member(rule, 'byweekday')
  const wanted = Array.isArray(days) ? days.map((day) => WEEKDAYS.indexOf(String(day))) : [start.getUTCDay()]
  return wanted
    .map((day) => {
      const time = new Date(start)
      // Weeks begin on Monday.
      const shift = ((day + 6) % 7) - ((start.getUTCDay() + 6) % 7)
      time.setUTCDate(time.getUTCDate() + weeks * 7 + shift)
      return time
    })
    .filter((time) => time >= start)
    .sort((a, b) => a.getTime() - b.getTime())
}
