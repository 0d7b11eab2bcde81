import { describe, expect, it } from 'vitest'
import type { GeneratedSymbol } from '../../../../src/codegen/generate/hey-api.ts'
import { typeValidators } from '../../../../src/codegen/generate/rewrite-output.ts'

const symbol = (file: GeneratedSymbol['file'], name: string, role?: string): GeneratedSymbol => ({
  name,
  folder: 'cats',
  file,
  role,
  route: role === undefined ? undefined : 'GET /cats/',
  component: undefined,
})
const importLine = "import * as z from 'zod';\n"
const typed = (declarations: string, ...symbols: readonly GeneratedSymbol[]): string =>
  typeValidators(`${importLine}\n${declarations}`, 'cats', symbols)

describe('validators', () => {
  it('get the type of their schema and are built on first use', () => {
    const text = typed('export const zCat = z.object({});\n', symbol('zod', 'zCat'), symbol('types', 'Cat'))
    expect(text).toBe(
      `${importLine}
import { validator } from '../validator.gen.ts';
import type {
  Cat,
} from './types.gen.ts'

export const zCat: z.ZodType<Cat> = /* @__PURE__ */ validator<Cat>(() => z.object({}));
`,
    )
  })

  it('are rewritten across several lines', () => {
    const expression = (name: string): string =>
      `z.object({\n    ${name}: z.string(),\n    text: z.literal(';\\n'),\n    more: z.object({\n        a: z.string()\n    })\n})`
    const text = typed(
      `export const zCat = ${expression('cat')};\n\n/**\n * A dog;\n */\nexport const zDog = ${expression('dog')};\n`,
      symbol('zod', 'zCat'),
      symbol('zod', 'zDog'),
      symbol('types', 'Cat'),
      symbol('types', 'Dog'),
    )
    for (const [name, key] of [
      ['Cat', 'cat'],
      ['Dog', 'dog'],
    ] as const) {
      expect(text).toContain(
        `export const z${name}: z.ZodType<${name}> = /* @__PURE__ */ validator<${name}>(() => ${expression(key)});\n`,
      )
    }
    expect(text).toContain('/**\n * A dog;\n */\n')
    expect(text.match(/validator</g)).toHaveLength(2)
  })

  it('replace the generated type of a recursive validator', () => {
    const text = typed(
      'export const zCat: z.ZodType = z.lazy(() => zCat);\n',
      symbol('zod', 'zCat'),
      symbol('types', 'Cat'),
    )
    expect(text).toContain(
      'export const zCat: z.ZodType<Cat> = /* @__PURE__ */ validator<Cat>(() => z.lazy(() => zCat));',
    )
  })

  it.each([
    ['Path', 'request-path', 'path'],
    ['Query', 'request-query', 'query'],
    ['Body', 'request-body', 'body'],
  ])('of a part of an input (%s) have the type of that part', (ending, role, part) => {
    const name = `zGetCat${ending}`
    const text = typed(
      `export const ${name} = z.object({});\n`,
      symbol('zod', name, role),
      symbol('types', 'GetCatData'),
    )
    expect(text).toContain(`export const ${name}: z.ZodType<NonNullable<GetCatData['${part}']>> =`)
  })

  it.each(['HogQlQuery', 'FilePath', 'RequestBody'])(
    'of the component %s are not mistaken for a part of an input',
    (name) => {
      const text = typed(
        `export const z${name} = z.object({});\n`,
        symbol('zod', `z${name}`),
        symbol('types', name),
        symbol('types', `${name.replace(/(?:Path|Query|Body)$/, '')}Data`),
      )
      expect(text).toContain(`export const z${name}: z.ZodType<${name}> =`)
    },
  )

  it('of an operation that ends in Query remove the suffix once', () => {
    const name = 'zRunQueryQuery'
    const text = typed(
      `export const ${name} = z.object({});\n`,
      symbol('zod', name, 'request-query'),
      symbol('types', 'RunQueryData'),
    )
    expect(text).toContain("z.ZodType<NonNullable<RunQueryData['query']>>")
  })

  it.each<[string, readonly GeneratedSymbol[]]>([
    ['there is no type', [symbol('zod', 'zCat')]],
    ['the type is in another folder', [symbol('zod', 'zCat'), { ...symbol('types', 'Cat'), folder: 'dogs' }]],
    ['only a function has the name', [symbol('zod', 'zCat'), symbol('sdk', 'Cat')]],
  ])('are unknown and import no type when %s', (_, symbols) => {
    const text = typed('export const zCat = z.object({});\n', ...symbols)
    expect(text).toContain('export const zCat: z.ZodType<unknown> = /* @__PURE__ */ validator<unknown>(')
    expect(text).not.toContain('import type')
  })

  it('are rejected when the file does not import zod as expected', () => {
    expect(() => typeValidators("import { z } from 'zod';\n", 'cats', [])).toThrow(/validators of cats/)
  })
})
