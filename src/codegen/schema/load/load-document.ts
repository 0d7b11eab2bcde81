import { createHash } from 'node:crypto'
import { validateShape } from '../check/validate-shape.ts'
import type { OpenApiDocument } from '../document.ts'
import { SchemaError } from '../schema-error.ts'
import { download } from './download.ts'
import type { LoadIo } from './load-io.ts'
import { parseDocumentText } from './parse-document-text.ts'
import { readLimited } from './read-limited.ts'
import { readSource } from './source-kind.ts'

/** A document as it came, and where from. */
export interface LoadedDocument {
  readonly document: OpenApiDocument
  /** File name, host or address, without anything private. */
  readonly source: string
  /** Size as it came. */
  readonly bytes: number
  /** Hash of the bytes as they came, in hex. */
  readonly sha256: string
  readonly retrievedAt: Date
}

/**
 * Loads an OpenAPI 3.0 or 3.1 document, JSON or YAML, from a PostHog host, an address or a file.
 *
 * @throws SchemaError naming the source, the place in it and the fix.
 * @example
 * const { document } = await loadDocument('https://us.posthog.com', nodeLoadIo())
 */
export async function loadDocument(source: string | URL, io: LoadIo): Promise<LoadedDocument> {
  const from = readSource(source)
  const bytes = from.kind === 'address' ? await download(from.url, from.name, io) : await readBytes(from, io)
  const text = decode(bytes, from.name)
  return {
    document: validateShape(parseDocumentText(text, from.name), from.name),
    source: from.name,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    retrievedAt: io.now(),
  }
}

async function readBytes(
  from: { readonly path: string; readonly name: string },
  io: LoadIo,
): Promise<Uint8Array> {
  const onProgress = io.onProgress === undefined ? {} : { onProgress: io.onProgress }
  try {
    const { total, chunks } = await io.readFile(from.path)
    return await readLimited(chunks, { source: from.name, total, ...onProgress })
  } catch (cause) {
    if (cause instanceof SchemaError) throw cause
    throw new SchemaError({
      source: from.name,
      problem: 'The file cannot be read.',
      fix: 'Check the path, or give an address that starts with https://.',
      cause,
    })
  }
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    const problem = 'The document is not UTF-8 text.'
    throw new SchemaError({ source, problem, fix: 'Check that it is no archive and not compressed.', cause })
  }
}
