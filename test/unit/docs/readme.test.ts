import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../../src/runtime/config/defaults.ts'

const readme = readFileSync('README.md', 'utf8')
const table = readme.slice(readme.indexOf('\nDefaults:\n'), readme.indexOf('**Retries.**'))
const shown = new Map(
  [...table.matchAll(/^\| `([\w.]+)` +\| `?([^`|]+?)`?(?: ms)? +\| [^|]+\|$/gm)].map(([, name, value]) => [
    name,
    value,
  ]),
)

describe('the table of defaults in the README', () => {
  it.each([
    ['host', defaults.host],
    ['timeout', defaults.timeout],
    ['idleTimeout', defaults.idleTimeout],
    ['totalTimeout', defaults.totalTimeout],
    ['retry.maxAttempts', defaults.maxAttempts],
    ['retry.initialDelay', defaults.initialDelay],
    ['retry.maxDelay', defaults.maxDelay],
    ['logLevel', defaults.logLevel],
    ['onVersionDrift', defaults.onVersionDrift],
  ])('tells the default of %s as the code has it', (name, value) => {
    expect(shown.get(name)).toBe(String(value))
  })

  it('names no option twice and none that has no default', () => {
    expect(shown.size).toBe(9)
  })
})
