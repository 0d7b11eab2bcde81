import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'

const folder = 'src/generated'
const call =
  /options: Options<(\w+)Data, ThrowOnError>\) => options\.client\.(\w+)<[^(]*\(\{[^}]*?\n {4}url: ('[^']+')/g

/** Each operation with the name of its generated types, as the functions of `typehog/api` use them. */
const operations = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['client', 'core', 'shared'].includes(entry.name))
  .flatMap(({ name }) => {
    const types = readFileSync(`${folder}/${name}/types.gen.ts`, 'utf8')
    const sdk = readFileSync(`${folder}/${name}/sdk.gen.ts`, 'utf8')
    return [...sdk.matchAll(call)].map(([, type = '', method = '', url = '']) => ({
      route: `${method.toUpperCase()} ${url.slice(1, -1)}`,
      input: `${type}Data`,
      output: types.includes(`export type ${type}Response =`) ? `${type}Response` : undefined,
    }))
  })

const file = 'test/types/fixtures/operations.ts'
const names = operations.flatMap(({ input, output }) => (output === undefined ? [input] : [input, output]))
const text = `import type { ${names.join(', ')} } from '../../../src/generated/api.gen.ts'
import type { RequestInput, RequestOutput } from '../../../src/index.ts'

/** Whether two types are identical. The compiler is stricter here than for assignments. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Properties<Type> = { [Name in keyof Type]: Type[Name] }
const same = <T extends true>(): T | undefined => undefined

${operations
  .map(({ route, input, output = 'unknown' }) => {
    const inputs = `same<Same<Properties<RequestInput<'${route}'>>, Properties<Omit<${input}, 'url'>>>>()`
    return `${inputs}; same<Same<RequestOutput<'${route}'>, ${output}>>()`
  })
  .join('\n')}
`

describe('the input and output of each operation', { timeout: 120_000 }, () => {
  it('are the types of its function in typehog/api', () => {
    expect(operations.length).toBeGreaterThan(2_000)
    const wrong = `same<Same<RequestInput<'${operations[0]?.route}'>, {}>>()\n`
    const { problems } = compile([], { [file]: text + wrong })(file)
    expect(problems).toEqual([expect.stringMatching(/^line \d+: Type 'false'/)])
  })
})
