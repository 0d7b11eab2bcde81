import { HogqlError } from '../../hogql/hogql-error.ts'

/** A range of versions. `before` is exclusive. */
export interface SemverRange {
  readonly from: string
  readonly before: string
}

/**
 * The range of `semver_tilde` (`~1.2.3`), `semver_caret` (`^1.2.3`) and `semver_wildcard` (`1.2.*`). Undefined for
 * another operator.
 *
 * @throws HogqlError when the value is not a version.
 */
export function semverRange(operator: string, value: string): SemverRange | undefined {
  if (!['semver_tilde', 'semver_caret', 'semver_wildcard'].includes(operator)) return undefined
  const name = `${operator.charAt(7).toUpperCase()}${operator.slice(8)}`
  const version = operator === 'semver_wildcard' ? value.replace(/[.*]+$/, '') : value
  const parts = (version.split('-')[0] ?? '')
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN))
  if (parts.some(Number.isNaN)) {
    throw new HogqlError(`${name} operator requires a valid semver string (e.g., '1.2.3')`)
  }
  const [major = 0, minor = 0, patch = 0] = parts
  const from = `${major}.${minor}.${patch}`
  const nextMajor = `${major + 1}.0.0`
  const nextMinor = `${major}.${minor + 1}.0`
  const nextPatch = `${major}.${minor}.${patch + 1}`
  if (operator === 'semver_tilde') return { from, before: parts.length < 2 ? nextMajor : nextMinor }
  if (operator === 'semver_wildcard')
    return { from, before: [nextMajor, nextMinor][parts.length - 1] ?? nextPatch }
  return { from, before: major > 0 ? nextMajor : minor > 0 ? nextMinor : nextPatch }
}
