import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES } from './handler.ts'

/** The whole body; undefined when it is larger than the limit. */
export async function readBody(message: IncomingMessage): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    // A request without an encoding set yields buffers.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
