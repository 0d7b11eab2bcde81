import { SchemaError } from '../schema-error.ts'
import type { LoadIo } from './load-io.ts'
import { readLimited } from './read-limited.ts'

/** A download in all may take this long, in milliseconds. */
const totalTimeout = 5 * 60_000

/** The server may stay silent this long, in milliseconds; it needs several seconds to build the document. */
const idleTimeout = 60_000

/** Redirects that are followed, for example from http to https. */
const maxRedirects = 3

/**
 * Downloads a document. No credential is sent.
 *
 * @throws SchemaError for error statuses, redirects to a login page, silence, and connections that break.
 */
export async function download(address: URL, source: string, io: LoadIo): Promise<Uint8Array> {
  const total = io.signalAfter(totalTimeout)
  let url = address
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await request(url, source, io, total)
    const target = redirectTarget(response, url)
    if (target === undefined) return read(response, source, io, total)
    await response.body?.cancel()
    if (/\/(?:log-?in|sign-?up|sso|authorize)\b/i.test(target.pathname)) throw loginPage(source, target)
    url = target
  }
  const problem = `The server redirects more than ${maxRedirects} times.`
  throw new SchemaError({ source, problem, fix: `Use the address it ends at (${url.origin}) as the host.` })
}

async function request(url: URL, source: string, io: LoadIo, total: AbortSignal): Promise<Response> {
  const signal = AbortSignal.any([total, io.signalAfter(idleTimeout)])
  let response: Response
  try {
    response = await io.fetch(url, { headers: { Accept: 'application/json' }, redirect: 'manual', signal })
  } catch (cause) {
    throw broken(source, `${url.origin} cannot be reached`, cause)
  }
  if (response.status < 400) return response
  await response.body?.cancel()
  const fix =
    response.status === 404
      ? 'Check the host: the app host serves /api/schema/, the ingestion host (….i.posthog.com) does not.'
      : 'Try again later, or give the file of an earlier download.'
  throw new SchemaError({ source, problem: `The server answered ${response.status}.`, fix })
}

function redirectTarget(response: Response, base: URL): URL | undefined {
  if (response.status < 300 || response.status >= 400) return undefined
  const location = response.headers.get('location')
  return location === null || !URL.canParse(location, base.href) ? undefined : new URL(location, base)
}

async function read(response: Response, source: string, io: LoadIo, total: AbortSignal): Promise<Uint8Array> {
  if (response.status >= 300 || response.body === null) {
    const problem = `The server answered ${response.status} without a document.`
    throw new SchemaError({ source, problem, fix: 'Check the address.' })
  }
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  // A compressed answer announces the compressed size, which says nothing about what will be read.
  const plain = response.headers.get('content-encoding') === null
  const announced = plain && Number.isFinite(length) ? length : undefined
  const onProgress = io.onProgress === undefined ? {} : { onProgress: io.onProgress }
  try {
    return await readLimited(chunksOf(response.body, io, total), { source, total: announced, ...onProgress })
  } catch (cause) {
    if (cause instanceof SchemaError) throw cause
    throw broken(source, 'The connection broke off', cause)
  }
}

async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  io: LoadIo,
  total: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await unlessAborted(
        reader.read(),
        AbortSignal.any([total, io.signalAfter(idleTimeout)]),
      )
      if (done) return
      yield value
    }
  } finally {
    // Ends the transfer when reading stopped early; after the end of the body it does nothing.
    await reader.cancel().catch(() => undefined)
  }
}

async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
  }
}

function broken(source: string, what: string, cause: unknown): SchemaError {
  const timeout = cause instanceof Error && cause.name === 'TimeoutError'
  return new SchemaError({
    source,
    problem: timeout ? `The server went silent for ${idleTimeout / 1000} s or took too long.` : `${what}.`,
    fix: 'Try again, or give the file of an earlier download.',
    cause,
  })
}

function loginPage(source: string, target: URL): SchemaError {
  return new SchemaError({
    source,
    problem: `The server redirects to a login page (${target.origin}${target.pathname}).`,
    fix: 'Use the app host without a path inside the app; the schema itself needs no login.',
  })
}
