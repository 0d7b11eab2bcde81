import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** Maximum size of a single event's body: 2 MiB. */
export const MAX_EVENT_BYTES: number = 2 * 1024 * 1024
/** Maximum size of a batch's body: 20 MiB. */
export const MAX_BATCH_BYTES: number = 20 * 1024 * 1024

/** An error of the ingestion routes, which respond with plain text. */
export class PlainTextError extends Error {
  override readonly name: string = 'PlainTextError'
  readonly status: number

  constructor(status: number, text: string) {
    super(text)
    this.status = status
  }
}

/** A plain text response. */
export function plainTextResponse(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
}

const unzip = promisify(gunzip)

/**
 * Reads a JSON body that may be compressed.
 *
 * @param maxBytes Size limit, before and after decompression.
 * @throws PlainTextError 413 for a larger body, 400 for one that is not gzip or JSON.
 */
export async function readIngestBody(request: Request, url: URL, maxBytes: number): Promise<unknown> {
  const body = Buffer.from(await request.arrayBuffer())
  if (body.length > maxBytes) throw new PlainTextError(413, `Request body is larger than ${maxBytes} bytes`)
  const encoding = request.headers.get('content-encoding') ?? url.searchParams.get('compression') ?? ''
  const decoded = await decode(body, encoding, maxBytes)
  try {
    return JSON.parse(decoded.toString('utf8')) as unknown
  } catch {
    throw new PlainTextError(400, 'The request body is not JSON')
  }
}

async function decode(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64')
  if (!encoding.startsWith('gzip')) return body
  try {
    return await unzip(body, { maxOutputLength: maxBytes })
  } catch (error) {
    const isTooLarge = error instanceof RangeError
    throw isTooLarge
      ? new PlainTextError(413, `Request body is larger than ${maxBytes} bytes after decompression`)
      : new PlainTextError(400, 'The request body is not gzip')
  }
}
