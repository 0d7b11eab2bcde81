import { SchemaError } from '../schema-error.ts'
import type { LoadProgress } from './load-io.ts'

/** Largest document that is read, in bytes; the largest seen has 10 MB. */
export const maxDocumentBytes: number = 100 * 1024 * 1024

/** What limits reading. */
export interface ReadLimits {
  readonly source: string
  /** Size announced beforehand, if any. */
  readonly total: number | undefined
  onProgress?(progress: LoadProgress): void
}

/**
 * Collects chunks into one array of bytes.
 *
 * @throws SchemaError when the announced or the real size is over `maxDocumentBytes`, or when less came than announced.
 */
export async function readLimited(
  chunks: AsyncIterable<Uint8Array>,
  limits: ReadLimits,
): Promise<Uint8Array> {
  const { source, total } = limits
  if (total !== undefined && total > maxDocumentBytes) throw tooLarge(source, total)
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.byteLength
    if (bytes > maxDocumentBytes) throw tooLarge(source, bytes)
    parts.push(chunk)
    limits.onProgress?.({ bytes, total })
  }
  const all = new Uint8Array(bytes)
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.byteLength
  }
  return all
}

function tooLarge(source: string, bytes: number): SchemaError {
  const megabytes = (size: number): string => `${Math.round(size / 1024 / 1024)} MB`
  return new SchemaError({
    source,
    problem: `The document has ${megabytes(bytes)}, more than the ${megabytes(maxDocumentBytes)} that are read.`,
    fix: 'Check the address: PostHog documents have about 10 MB.',
  })
}
