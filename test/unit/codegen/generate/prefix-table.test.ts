import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lookUp } from '../../../../src/client/operation.ts'
import { type Classified, prefixTable } from '../../../../src/codegen/generate/prefix-table.ts'

const of = (path: string, value: string, method = 'GET'): Classified => ({ method, path, value })

/** Enough operations to make the fallback the most common class. */
const rest = ['/p/', '/q/', '/r/', '/s/', '/t/'].map((path) => of(path, '-'))

describe('prefixTable', () => {
  it('has one entry for operations with a common prefix', () => {
    expect(prefixTable([of('/a/', 'x'), of('/a/b/', 'x'), of('/a/c/', 'x'), ...rest], '-')).toEqual([
      ['/a/', 'x'],
    ])
  })

  it('has a longer entry for an exception, and a method for a single operation', () => {
    const operations = [of('/a/', 'x'), of('/a/b/', 'y'), of('/a/c/', 'x'), of('/a/', 'z', 'POST'), ...rest]
    expect(prefixTable(operations, '-')).toEqual([
      ['/a/', 'x'],
      ['POST /a/', 'z'],
      ['/a/b/', 'y'],
    ])
  })

  it('is empty when all operations have the fallback', () => {
    expect(prefixTable([of('/a/', '-'), of('/b/', '-')], '-')).toEqual([])
  })

  it('returns the class of every operation', () => {
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
