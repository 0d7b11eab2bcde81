/** The number of a command line option, 1 or more. */
export function countOf(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`--${name} takes a whole number from 1 up, not "${text}".`)
}
