import { describe, expect, it } from 'vitest'
import { closest, suggestion } from '../../../src/cli/did-you-mean.ts'

describe('closest', () => {
  it.each([
    ['top-page', 'top-pages'],
    ['top_pages', 'top-pages'],
    ['TopPages', 'top-pages'],
    ['plan-revenu', 'plan-revenue'],
    ['paln-revenue', 'plan-revenue'],
  ])('finds what %s meant', (name, meant) => {
    expect(closest(name, ['plan-revenue', 'top-pages'])).toBe(meant)
  })

  it.each(['x', 'signups', 'plan'])('does not guess for %s', (name) => {
    expect(closest(name, ['plan-revenue', 'top-pages'])).toBeUndefined()
  })
})

describe('suggestion', () => {
  it('lists ten names at most when none is near', () => {
    const names = Array.from({ length: 12 }, (_, index) => `endpoint-${index}`)
    expect(suggestion('zzz', names)).toMatch(/^There are endpoint-0, .*endpoint-9 and 2 more\.$/)
    expect(suggestion('zzz', [])).toBe('There are none.')
  })
})
