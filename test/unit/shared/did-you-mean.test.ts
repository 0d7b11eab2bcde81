import { describe, expect, it } from 'vitest'
import { closestName } from '../../../src/shared/did-you-mean.ts'

const names = ['plan-revenue', 'top-pages']

describe('closestName', () => {
  it.each([
    ['top-page', 'top-pages'],
    ['top_pages', 'top-pages'],
    ['TopPages', 'top-pages'],
    ['plan-revenu', 'plan-revenue'],
    ['paln-revenue', 'plan-revenue'],
  ])('corrects %s to %s', (name, expected) => {
    expect(closestName(name, names)).toBe(expected)
  })

  it('prefers the candidate with the fewest edits', () => {
    expect(closestName('retries', ['retrying', 'retry', 'entries'])).toBe('entries')
    expect(closestName('retries', ['retry'])).toBe('retry')
  })

  it.each(['x', 'signups', 'plan', ''])('suggests nothing for %j', (name) => {
    expect(closestName(name, names)).toBeUndefined()
  })

  it('suggests nothing without candidates', () => {
    expect(closestName('plan', [])).toBeUndefined()
  })
})
