import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lookUp } from '../../../../src/client/operation.ts'
import { type Classified, prefixTable } from '../../../../src/codegen/generate/prefix-table.ts'

const of = (path: string, value: string, method = 'GET'): Classified => ({ method, path, value })

/** Enough operations of the fallback that it is the commonest. */
const rest = ['/p/', '/q/', '/r/', '/s/', '/t/'].map((path) => of(path, '-'))

describe('a table by the beginnings of paths', () => {
  it('has one line for all that begin alike', () => {
    expect(prefixTable([of('/a/', 'x'), of('/a/b/', 'x'), of('/a/c/', 'x'), ...rest], '-')).toEqual([
      ['/a/', 'x'],
    ])
  })

  it('has a longer line for an exception, and a method for one among equals', () => {
    const operations = [of('/a/', 'x'), of('/a/b/', 'y'), of('/a/c/', 'x'), of('/a/', 'z', 'POST'), ...rest]
    expect(prefixTable(operations, '-')).toEqual([
      ['/a/', 'x'],
      ['POST /a/', 'z'],
      ['/a/b/', 'y'],
    ])
  })

  it('is empty when everything has the fallback', () => {
    expect(prefixTable([of('/a/', '-'), of('/b/', '-')], '-')).toEqual([])
  })

  it('gives back the class of every operation, whatever they are', () => {
    const segment = fc.constantFrom('a', 'b', '{id}')
    const operation = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      path: fc
        .array(segment, { maxLength: 4 })
        .map((segments) => `/${segments.map((one) => `${one}/`).join('')}`),
      value: fc.constantFrom('-', 'x', 'y'),
    })
    const operations = fc.uniqueArray(operation, { selector: ({ method, path }) => `${method} ${path}` })
    fc.assert(
      fc.property(operations, (all) => {
        const table = prefixTable(all, '-')
        for (const { method, path, value } of all) expect(lookUp(table, method, path) ?? '-').toBe(value)
      }),
    )
  })
})
