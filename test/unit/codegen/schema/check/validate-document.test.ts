import { fileURLToPath } from 'node:url'
import { validate } from '@readme/openapi-parser'
import { describe, expect, it } from 'vitest'
import { validateDocument } from '../../../../../src/codegen/schema/check/validate-document.ts'
import { SchemaError } from '../../../../../src/codegen/schema/schema-error.ts'
import { readSnapshot } from '../../../../../src/codegen/schema/snapshot/read-snapshot.ts'

/** Whether an independent implementation of OpenAPI accepts a document. */
async function isValidOpenApi(document: unknown): Promise<boolean> {
  // The library checks the type of the document itself.
  const { valid } = await validate(document as never, { resolve: { external: false } })
  return valid
}

const openFolder = fileURLToPath(new URL('../../../../../openapi', import.meta.url))

const document = (parts: object): unknown => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  paths: { '/a/': {} },
  ...parts,
})

describe('validateDocument', () => {
  it('accepts the snapshot with overlays, as @readme/openapi-parser does', { timeout: 60_000 }, async () => {
    const { document: snapshot } = await readSnapshot(openFolder)
    expect(validateDocument(structuredClone(snapshot), 'snapshot')).toEqual(snapshot)
    expect(await isValidOpenApi(snapshot)).toBe(true)
  })

  it.each([
    ['paths as a list', document({ paths: { '/a/': [] } })],
    ['a path without a slash', document({ paths: { a: {} } })],
    ['an operation that is null', document({ paths: { '/a/': { get: null } } })],
    ['a parameter without a name', document({ paths: { '/a/': { get: { parameters: [{}] } } } })],
    ['components as a list', document({ components: [] })],
    ['a future version', document({ openapi: '4.0.0' })],
  ])('rejects %s, as @readme/openapi-parser does', async (_, invalid) => {
    expect(await isValidOpenApi(structuredClone(invalid))).toBe(false)
    expect(() => validateDocument(invalid, 'given.json')).toThrow(SchemaError)
  })

  it.each([
    ['a number as a schema', { A: { properties: { b: 1 } } }, '/components/schemas/A/properties/b'],
    ['an object as a union', { A: { anyOf: {} } }, '/components/schemas/A/anyOf'],
  ])('rejects %s, which @readme/openapi-parser accepts', async (_, schemas, pointer) => {
    const invalid = document({ components: { schemas } })
    expect(await isValidOpenApi(structuredClone(invalid))).toBe(true)
    expect(() => validateDocument(invalid, 'given.json')).toThrow(`given.json at ${pointer}:`)
  })
})
