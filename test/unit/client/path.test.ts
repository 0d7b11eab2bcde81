import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePath, type PathParams } from '../../../src/client/operation.ts'

const encodePath = (template: string, params: PathParams): string => compilePath(template)(params)

const template = '/api/projects/{project_id}/endpoints/{name}/run/'

describe('compilePath', () => {
  it('fills the template', () => {
    expect(encodePath(template, { project_id: 7, name: 'weekly' })).toBe(
      '/api/projects/7/endpoints/weekly/run/',
    )
    expect(encodePath('/api/x/{id}/', { id: 10n })).toBe('/api/x/10/')
    expect(encodePath('/api/x/{id}/', { id: 0 })).toBe('/api/x/0/')
    expect(encodePath('/api/x/', {})).toBe('/api/x/')
    expect(encodePath('/api/projects/{id}/', { id: '@current' })).toBe('/api/projects/@current/')
  })

  it.each([
    ['a/b', 'a%2Fb'],
    ['a?b#c', 'a%3Fb%23c'],
    ['a b', 'a%20b'],
    ['%2F', '%252F'],
    ['a\\b', 'a%5Cb'],
    ['...', '...'],
    ['é', '%C3%A9'],
  ])('encodes %s as one segment', (id, expected) => {
    expect(encodePath('/x/{id}/', { id })).toBe(`/x/${expected}/`)
  })

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['', 'empty'],
    [{}, 'a value of type object'],
    [[1], 'a value of type object'],
    [() => 1, 'a value of type function'],
    [Symbol('x'), 'a value of type symbol'],
    [Number.NaN, 'not a finite number'],
    [Number.POSITIVE_INFINITY, 'not a finite number'],
    ['.', 'a dot segment'],
    ['..', 'a dot segment'],
    ['%2e', 'a dot segment'],
    ['%2E%2e', 'a dot segment'],
    ['.%2e', 'a dot segment'],
    ['\ud800', 'malformed Unicode'],
  ])('rejects %s', (name, problem) => {
    expect(() => encodePath(template, { project_id: 1, name })).toThrow(`"name" is ${problem}`)
  })

  it('rejects values that form a dot segment with the template', () => {
    expect(() => encodePath('/x/{a}{b}/', { a: '.', b: 'c' })).toThrow('dot segment')
    expect(() => encodePath('/x/.{a}/', { a: '%2e' })).toThrow('dot segment')
    expect(encodePath('/x/{a}.{b}/', { a: 'a', b: 'b' })).toBe('/x/a.b/')
    expect(() => encodePath('/x/{a}/../y/', { a: 'a' })).toThrow('dot segment')
  })

  it('marks the parameter in the message', () => {
    expect(() => encodePath(template, { project_id: 1, name: '..' })).toThrow(
      expect.objectContaining({
        message: `Path parameter "name" is a dot segment:\n${template}\n                                     ^^^^^^`,
      }),
    )
  })

  it('rejects a missing, inherited or unknown parameter', () => {
    expect(() => encodePath(template, { project_id: 1 })).toThrow('"name" is missing')
    expect(() => encodePath('/x/{constructor}/', {})).toThrow('"constructor" is missing')
    expect(() => encodePath('/x/', { id: 1 })).toThrow('"id" is not part of this path')
  })

  it('keeps a value inside its segment, losslessly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (id) => {
        let path: string
        try {
          path = encodePath('/api/{id}/end', { id })
        } catch {
          return /^(?:\.|%2e){1,2}$/i.test(id)
        }
        const { pathname, search, hash, host } = new URL(path, 'https://a.test')
        const segments = pathname.split('/')
        return (
          host === 'a.test' &&
          search === '' &&
          hash === '' &&
          segments.length === 4 &&
          segments[3] === 'end' &&
          decodeURIComponent(segments[2] ?? '') === id
        )
      }),
      { numRuns: 500 },
    )
  })

  it('never lets several values form a dot segment', () => {
    const piece = fc
      .array(fc.constantFrom('.', '%2e', '%2E', '/', '\\', '%', 'a'), { maxLength: 4 })
      .map((x) => x.join(''))
    fc.assert(
      fc.property(piece, piece, (a, b) => {
        try {
          return (
            new URL(encodePath('/api/x/{a}{b}/y', { a, b }), 'https://a.test').pathname.split('/').length ===
            5
          )
        } catch (error) {
          return error instanceof Error && error.name === 'ConfigurationError'
        }
      }),
      { numRuns: 500 },
    )
  })
})
