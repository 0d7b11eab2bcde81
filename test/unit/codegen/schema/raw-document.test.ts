import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { assertUsable } from '../../../../src/codegen/schema/check/check-document.ts'
import type { OpenApiDocument } from '../../../../src/codegen/schema/document.ts'
import { loadDocument } from '../../../../src/codegen/schema/load/load-document.ts'
import { normalizeDocument } from '../../../../src/codegen/schema/normalize/normalize-document.ts'
import { rawDocument, toYaml } from './raw-document.ts'

const snapshotFile = new URL('../../../../openapi/posthog.json', import.meta.url)

/** Size of a raw PostHog document, in bytes. */
const realSize = 10_000_000

let snapshot: OpenApiDocument

beforeAll(() => {
  // This pipeline wrote the committed snapshot.
  snapshot = JSON.parse(readFileSync(snapshotFile, 'utf8')) as OpenApiDocument
})

describe.each(['3.0.3', '3.1.0'] as const)('a raw document of OpenAPI %s and real size', (version) => {
  it.each([
    ['JSON', (document: unknown): string => JSON.stringify(document, null, 2)],
    ['YAML', (document: unknown): string => toYaml(document).trimStart()],
  ])(
    'in %s normalizes to the operations and schemas of the snapshot',
    { timeout: 240_000 },
    async (_, render) => {
      const text = render(rawDocument(snapshot, version))
      expect(Buffer.byteLength(text)).toBeGreaterThan(realSize)
      const download = async (): Promise<Uint8Array> => Buffer.from(text)

      const loaded = await loadDocument('https://ph.dev', { download })
      assertUsable(loaded.document, loaded.source)
      const { document, report } = normalizeDocument(loaded.document)

      expect(Object.keys(document.paths)).toEqual(Object.keys(snapshot.paths))
      for (const [path, item] of Object.entries(snapshot.paths))
        expect(document.paths[path], path).toEqual(item)
      expect(document.components).toEqual(snapshot.components)
      const idle = report.filter(({ changed }) => changed === 0).map(({ rule }) => rule)
      // Rules that have no effect on one of the two versions.
      const ofOneVersion = version === '3.0.3' ? 'drop-null-defaults' : 'upgrade-to-3-1'
      // Documents made from the snapshot lack the input of these three rules.
      const lost = ['inline-shared-bodies', 'open-null-only-fields', 'unwrap-list-envelopes']
      expect(idle.sort()).toEqual([ofOneVersion, ...lost].sort())
    },
  )
})
