import { describe, expect, it } from 'vitest'
import { mergeEqualTypes } from '../../../scripts/simplify-declarations/equal-types.ts'
import { nameUnions } from '../../../scripts/simplify-declarations/name-unions.ts'
import {
  dropDiscriminators,
  writeArrays,
  writePartialTypes,
} from '../../../scripts/simplify-declarations/shorter-forms.ts'

describe('a discriminator', () => {
  const union = (cat: string): string =>
    `export type Cat = {\n ${cat};\n};\nexport type Pet = ({\n kind: 'cat';\n} & Cat) | null;\n`

  it('is dropped from a union whose member requires it', () => {
    expect(dropDiscriminators(union(`kind: 'cat'`))).toContain('Pet = Cat | null;')
  })

  it.each([`kind?: 'cat'`, `kind: 'dog'`, `type: 'cat'`])('stays beside %s', (property) => {
    expect(dropDiscriminators(union(property))).toBe(union(property))
  })
})

describe('equal types', () => {
  it('are declared once if one is numbered', () => {
    const text = [
      'type Item1 = {\n next: Item1;\n};',
      'export type Item = {\n next: Item;\n};',
      'export type Other = {\n items: Array<Item1>;\n};\n',
    ].join('\n')
    const merged = mergeEqualTypes(text)
    expect(merged).toContain('type Item1 = Item;')
    expect(merged).toContain('items: Array<Item>;')
    expect(merged).toContain('export type Item = {\n next: Item;\n};')
  })

  it('are declared once if one is the writable one of the other', () => {
    const text = 'export type CatWritable = {\n id: 1;\n};\nexport type Cat = {\n id: 1;\n};\n'
    expect(mergeEqualTypes(text)).toContain('export type CatWritable = Cat;')
  })

  it('with other names stay, so that editors show their names', () => {
    const text = 'export type Dog = {\n id: 1;\n};\nexport type Cat = {\n id: 1;\n};\n'
    expect(mergeEqualTypes(text)).toBe(text)
  })

  it('differ if references, modifiers or comments do', () => {
    const types = ['id: A;', 'id: B;', 'readonly id: A;', 'id?: A;', '/** The id. */\n id: A;']
    const text = types.map((type, index) => `type Cat${index} = {\n ${type}\n};\n`).join('')
    const named = `${text}export type A = 'a';\nexport type B = 'b';\n`
    expect(mergeEqualTypes(named)).toBe(named)
  })
})

describe('a long union', () => {
  const members = ['One', 'Two', 'Three', 'Four', 'Five', 'Six']
  const union = members.join(' | ')

  it('has the name of a type with the same members', () => {
    const text = `export type Any = ${union};\nexport type Cat = {\n id: ${[...members].reverse().join(' | ')} | null;\n};\n`
    expect(nameUnions(text)).toBe(`export type Any = ${union};\nexport type Cat = {\n id: Any | null;\n};\n`)
  })

  it('of two properties is named by the shorter one', () => {
    const text = `export type Cat = {\n the_id: Array<${union}>;\n};\nexport type Kitten = {\n id: ${union};\n};\n`
    expect(nameUnions(text)).toBe(
      `export type Cat = {\n the_id: Array<CatTheId>;\n};\nexport type Kitten = {\n id: CatTheId;\n};\ntype CatTheId = ${union};\n`,
    )
  })

  it('stays if it is there once, or if two types have it', () => {
    const once = `export type Cat = {\n id: ${union};\n};\n`
    expect(nameUnions(once)).toBe(once)
    const two = `export type A = ${union};\nexport type B = ${union};\n${once}`
    expect(nameUnions(two)).toBe(two)
  })
})

describe('a patch', () => {
  const cat = 'export type Cat = {\n /** The name. */\n name: string;\n readonly id?: number;\n};\n'

  it('with the same properties is a partial type', () => {
    const patch =
      'export type PatchedCat = {\n /** The name. */\n name?: string;\n readonly id?: number;\n};\n'
    expect(writePartialTypes(cat + patch)).toBe(`${cat}export type PatchedCat = Partial<Cat>;\n`)
  })

  it.each([
    'name?: string; readonly id?: number;',
    '/** The name. */ name: string; readonly id?: number;',
    '/** The name. */ name?: string; id?: number;',
    '/** The name. */ name?: string;',
    '/** The name. */ name?: string; readonly id?: number; [key: string]: unknown;',
  ])('stays as { %s }', (properties) => {
    const patch = `export type PatchedCat = { ${properties} };\n`
    expect(writePartialTypes(cat + patch)).toBe(cat + patch)
  })
})

describe('an array', () => {
  it('of a named type has brackets', () => {
    const text = 'export type A = {\n a: Array<B>;\n b: Array<B | C>;\n c: Array<Array<B>>;\n};\n'
    expect(writeArrays(text)).toBe('export type A = {\n a: B[];\n b: Array<B | C>;\n c: Array<B[]>;\n};\n')
  })
})
