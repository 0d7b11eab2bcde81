const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 })

const exact = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** Formats a number in a few characters, such as `1.235M` or `1.50e-7`. */
export function numberLabel(value: number): string {
  const size = Math.abs(value)
  return value === 0 || (size >= 0.001 && size < 1e15) ? compact.format(value) : value.toExponential(2)
}

/** Formats a number with its digits, such as `1,234,567.89`, unless it has too many. */
export function exactLabel(value: number): string {
  const size = Math.abs(value)
  return value === 0 || (size >= 0.01 && size < 1e12) ? exact.format(value) : numberLabel(value)
}
