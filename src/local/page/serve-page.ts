import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { RequestHandler } from '../http/request-handler.ts'
import { pageDocument } from './document.ts'
import type { PageSource } from './page-source.ts'

/** Path prefix of the files of the page. The build copies the files to the folder of the bundles. */
const PREFIX = '/_typehog/'
const SCRIPT = 'text/javascript; charset=utf-8'
const FILES: ReadonlyMap<string, string> = new Map([
  ['page.js', SCRIPT],
  ['page-calls.js', SCRIPT],
  ['page-elements.js', SCRIPT],
  ['page-results.js', SCRIPT],
  ['page-updates.js', SCRIPT],
  ['page.css', 'text/css; charset=utf-8'],
  ['page.svg', 'image/svg+xml'],
])

/** Only files of this server, no inline code, no frames, no other origin. The page contains a key: nothing stores it. */
const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Adds the page for browsers to a handler: at `/` for requests that accept HTML, and its files. Requests of the page
 * itself are not in the request log, and faults do not apply to them.
 */
export function servePage(handle: RequestHandler, source: PageSource): RequestHandler {
  return async (request, signal) => {
    const response = await pageResponse(request, source)
    return response === undefined ? handle(request, signal) : { response, hasFault: false, gzip: false }
  }
}

async function pageResponse(request: Request, source: PageSource): Promise<Response | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
  const { pathname, origin } = new URL(request.url)
  const name = pathname.startsWith(PREFIX) ? pathname.slice(PREFIX.length) : ''
  const type = FILES.get(name)
  if (type !== undefined) {
    return new Response(await readPageFile(name), { headers: { ...HEADERS, 'Content-Type': type } })
  }
  if (pathname !== '/' || request.headers.get('accept')?.includes('text/html') !== true) return undefined
  const { text } = pageDocument(source, origin)
  const tag = `"${createHash('sha256').update(text).digest('base64url')}"`
  const headers = { ...HEADERS, ETag: tag }
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers })
  return new Response(text, { headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } })
}

/** Reads a file beside the bundle, or of the folder `assets` when the server runs from its sources. */
async function readPageFile(name: string): Promise<string> {
  const isSource = import.meta.url.endsWith('.ts')
  return readFile(new URL(isSource ? `assets/${name}` : name, import.meta.url), 'utf8')
}
