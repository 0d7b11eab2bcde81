import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { PlainError } from './plain-error.ts'

const unzip = promisify(gunzip)

/**
 * The JSON of a body that may be compressed.
 *
 * @param most Bytes of the body at most, compressed or not.
 * @throws PlainError 413 beyond that, 400 for what cannot be read.
 */
export async function readOpenBody(request: Request, url: URL, most: number): Promise<unknown> {
  const sent = Buffer.from(await request.arrayBuffer())
  if (sent.length > most) throw new PlainError(413, `Request body is larger than ${most} bytes`)
  const encoding = request.headers.get('content-encoding') ?? url.searchParams.get('compression') ?? ''
  const bytes = await decode(sent, encoding, most)
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    throw new PlainError(400, 'The request body is not JSON')
  }
}

async function decode(sent: Buffer, encoding: string, most: number): Promise<Buffer> {
  if (encoding === 'base64') return Buffer.from(sent.toString('latin1'), 'base64')
  if (!encoding.startsWith('gzip')) return sent
  try {
    return await unzip(sent, { maxOutputLength: most })
  } catch (error) {
    const tooLarge = error instanceof RangeError
    throw tooLarge
      ? new PlainError(413, `Request body is larger than ${most} bytes after decompression`)
      : new PlainError(400, 'The request body is not gzip')
  }
}
