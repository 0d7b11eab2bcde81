import { invalid } from '../../http/api-error.ts'

const STEP_MS: Readonly<Record<string, number>> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** The times that metrics are given for: from `after` to `before`, by `interval`. */
export function labelsOf(url: URL, now: Date): string[] {
  const interval = url.searchParams.get('interval') ?? 'day'
  const step = STEP_MS[interval]
  if (step === undefined) throw invalid('interval', `"${interval}" is not a valid choice.`, 'invalid_choice')
  const from = timeOf(url.searchParams.get('after') ?? '-7d', now, 'after')
  const to = timeOf(url.searchParams.get('before') ?? now.toISOString(), now, 'before')
  const labels: string[] = []
  for (let at = Math.floor(from / step) * step; at <= to; at += step) labels.push(new Date(at).toISOString())
  return labels
}

function timeOf(text: string, now: Date, name: string): number {
  const relative = /^-(\d+)([hdw])$/.exec(text)
  if (relative !== null) return now.getTime() - Number(relative[1]) * (UNITS[relative[2] ?? 'd'] ?? 0)
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw invalid(name, `Not a date: ${text}`)
  return time
}
