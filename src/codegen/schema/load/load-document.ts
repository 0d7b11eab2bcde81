import { createReadStream } from 'node:fs'
import { sha256 } from '../../files.ts'
import { assertUsable } from '../check/check-document.ts'
import { validateDocument } from '../check/validate-document.ts'
import type { OpenApiDocument } from '../document.ts'
import { normalizeDocument } from '../normalize/normalize-document.ts'
import { SchemaError } from '../schema-error.ts'
import { readDocumentSource } from './document-source.ts'
import { parseDocumentText } from './parse-document-text.ts'

/** Maximum size of a document, in bytes. PostHog's own document has about 10 MB. */
export const maxDocumentBytes: number = 100 * 1024 * 1024

/**
 * Downloads the bytes of a URL, up to `maxDocumentBytes`, without a credential.
 *
 * @param source name of the document for error messages
 * @throws SchemaError when the server does not return a document
 */
export type Download = (url: URL, source: string) => Promise<Uint8Array>

/** Dependencies of `loadDocument`. */
export interface LoadOptions {
  readonly download: Download
  /** Default: the current time. */
  readonly now?: () => Date
}

/** A loaded document and its origin. */
export interface LoadedDocument {
  readonly document: OpenApiDocument
  /** File name, host or URL without credentials, query or local folders. */
  readonly source: string
  /** Size of the original text. */
  readonly bytes: number
  /** SHA-256 of the original text, in hex. */
  readonly sha256: string
  readonly retrievedAt: Date
}

/**
 * Loads an OpenAPI 3.0 or 3.1 document, in JSON or YAML, from a PostHog host, a URL or a file.
 *
 * @throws SchemaError with the source, the place in it and the fix
 * @example
 * const { document } = await loadDocument('https://us.posthog.com', { download: createDownload() })
 */
export async function loadDocument(
  source: string | URL,
  { download, now = () => new Date() }: LoadOptions,
): Promise<LoadedDocument> {
  const from = readDocumentSource(source)
  const { name } = from
  const bytes = from.kind === 'url' ? await download(from.url, name) : await readDocumentFile(from.path, name)
  return {
    document: validateDocument(parseDocumentText(decode(bytes, name), name), name),
    source: name,
    bytes: bytes.byteLength,
    sha256: sha256(bytes),
    retrievedAt: now(),
  }
}

/**
 * Loads, checks and normalizes a document. Normalizing is idempotent, so the source may be a raw document or a
 * snapshot.
 *
 * @throws SchemaError when the document cannot be used
 */
export async function loadNormalizedDocument(
  source: string | URL,
  options: LoadOptions,
): Promise<OpenApiDocument> {
  const loaded = await loadDocument(source, options)
  assertUsable(loaded.document, loaded.source)
  return normalizeDocument(loaded.document).document
}

/** The error for a document with more than `maxDocumentBytes`. */
export function documentTooLargeError(source: string): SchemaError {
  return new SchemaError({
    source,
    problem: `The document is larger than the limit of ${maxDocumentBytes / 1024 / 1024} MB.`,
    fix: 'Check the URL or path. PostHog documents have about 10 MB.',
  })
}

async function readDocumentFile(path: string, source: string): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  try {
    // `end` is inclusive: this reads one byte more than the limit, and no more.
    for await (const chunk of createReadStream(path, { end: maxDocumentBytes })) chunks.push(chunk)
  } catch (cause) {
    throw new SchemaError({
      source,
      problem: 'The file cannot be read.',
      fix: 'Check the path, or pass a URL that starts with https://.',
      cause,
    })
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.byteLength > maxDocumentBytes) throw documentTooLargeError(source)
  return bytes
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    const problem = 'The document is not UTF-8 text.'
    throw new SchemaError({ source, problem, fix: 'Check that it is not an archive or compressed.', cause })
  }
}
