import { refuseUnknown, unexpected } from './check-options.ts'

/** What an option may be. */
export interface OptionCheck {
  readonly accepts: (value: unknown) => boolean
  /** The same in words, for a message. */
  readonly expected: string
}

/** A check for each option of an interface. The compiler finds a missing one. */
export type OptionChecks<Options> = Readonly<Record<keyof Options, OptionCheck>>

/**
 * Refuses options that do not exist or have a wrong value. One that is undefined counts as left out.
 *
 * @param owner what takes the options, such as `hogql`
 * @throws ConfigurationError that names the option
 */
export function checkOptions(
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
): void {
  refuseUnknown(owner, options, checks)
  for (const [name, value] of Object.entries(options ?? {})) {
    const check = checks[name]
    if (value === undefined || check === undefined || check.accepts(value)) continue
    throw unexpected(`The option \`${name}\` of \`${owner}\``, value, check.expected)
  }
}

/** For an option that is checked elsewhere. */
export const anything: OptionCheck = { accepts: () => true, expected: 'anything' }
export const flag: OptionCheck = { accepts: (value) => typeof value === 'boolean', expected: 'true or false' }
export const callback: OptionCheck = {
  accepts: (value) => typeof value === 'function',
  expected: 'a function',
}
export const milliseconds: OptionCheck = {
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  expected: 'milliseconds, 0 or more',
}

/** A whole number within bounds. */
export function count(least: number, most: number = Number.MAX_SAFE_INTEGER): OptionCheck {
  const isCount = (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  return { accepts: isCount, expected: `a whole number ${range}` }
}

/** A text that is not empty. */
export function text(most: number = Number.POSITIVE_INFINITY): OptionCheck {
  return {
    accepts: (value) => typeof value === 'string' && value !== '' && value.length <= most,
    expected:
      most === Number.POSITIVE_INFINITY ? 'a text that is not empty' : `a text of 1 to ${most} characters`,
  }
}

/** One of several words. */
export function oneOf(...words: readonly string[]): OptionCheck {
  return {
    accepts: (value) => words.some((word) => word === value),
    expected: `"${words.slice(0, -1).join('", "')}" or "${words.at(-1)}"`,
  }
}
