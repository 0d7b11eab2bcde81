import { invalid } from '../../http/api-error.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  m: 30 * 86_400_000,
}

/** The moment that a parameter names: ISO text, or a distance back from now such as `-7d`. */
export function startOf(text: string, name: string, now: Date): Date {
  const relative = /^-(\d{1,6})([hdwm])$/.exec(text)
  const unit = UNIT_MS[relative?.[2] ?? '']
  if (unit !== undefined) return new Date(now.getTime() - Number(relative?.[1]) * unit)
  // A moment without a zone is in the project's, which is UTC.
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$/.test(text) || !text.includes(':') ? text : `${text}Z`
  const time = new Date(zoned.replace(' ', 'T'))
  if (Number.isNaN(time.getTime())) throw invalid(name, 'Invalid datetime format.')
  return time
}
