import {
  type Download,
  documentTooLargeError,
  maxDocumentBytes,
} from '../../codegen/schema/load/load-document.ts'
import { SchemaError } from '../../codegen/schema/schema-error.ts'
import { IdleTimeoutError, TimeoutError, TotalTimeoutError } from '../../runtime/errors/call-errors.ts'
import { ResponseTooLargeError } from '../../runtime/errors/result-errors.ts'
import { createPlatform, type Platform } from '../../runtime/platform.ts'
import { type Deadline, startDeadline, watchSignal } from '../../runtime/transport/deadline.ts'
import { readBody } from '../../runtime/transport/read-body.ts'

// A document may come from any host and must never carry a key, so this is a plain `fetch` with the runtime's
// deadlines and body reader, and not a call of the client.

/** Time limit of a download, in milliseconds. */
const totalTimeout = 5 * 60_000
/** Time limit without a byte, in milliseconds. PostHog needs several seconds to build the document. */
const idleTimeout = 60_000
/** Maximum number of redirects, for example from http to https. */
const maxRedirects = 3

/** Options of `createDownload`. */
export interface DownloadOptions {
  /** Aborts the download; its reason is thrown. */
  readonly signal?: AbortSignal
  readonly platform?: Pick<Platform, 'fetch' | 'timer'>
}

/** Creates a function that downloads schema documents. It sends no credential. */
export function createDownload({ signal, platform = createPlatform() }: DownloadOptions = {}): Download {
  return async (url, source) => {
    const operation = `GET ${url.pathname}`
    const deadline = startDeadline(platform, signal && watchSignal(signal), totalTimeout, () => {
      return new TotalTimeoutError(operation, totalTimeout)
    })
    try {
      return await follow(url, { source, operation, platform, deadline })
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw toSchemaError(error, source)
    } finally {
      deadline.end()
    }
  }
}

/** The context of one download. */
interface DownloadContext {
  readonly source: string
  readonly operation: string
  readonly platform: Pick<Platform, 'fetch' | 'timer'>
  readonly deadline: Deadline
}

async function follow(start: URL, context: DownloadContext): Promise<Uint8Array> {
  let url = start
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await send(url, context)
    const target = redirectTarget(response, url)
    if (target === undefined) return read(response, context)
    await response.body?.cancel()
    if (/\/(?:log-?in|sign-?up|sso|authorize)\b/i.test(target.pathname)) {
      throw new SchemaError({
        source: context.source,
        problem: `The server redirects to a login page (${target.origin}${target.pathname}).`,
        fix: 'Use the app host without a path inside the app. The schema itself needs no login.',
      })
    }
    url = target
  }
  throw new SchemaError({
    source: context.source,
    problem: `The server redirects more than ${maxRedirects} times.`,
    fix: `Use the final host of the redirects (${url.origin}).`,
  })
}

async function send(url: URL, { source, operation, platform, deadline }: DownloadContext): Promise<Response> {
  const attempt = startDeadline(
    platform,
    deadline,
    idleTimeout,
    () => new IdleTimeoutError(operation, idleTimeout),
  )
  let response: Response
  try {
    response = await platform.fetch(url.href, {
      headers: { Accept: 'application/json' },
      redirect: 'manual',
      signal: attempt.signal,
    })
  } catch (cause) {
    if (attempt.aborted) throw attempt.reason
    const problem = `${url.origin} cannot be reached.`
    throw new SchemaError({ source, problem, fix: retryFix, cause })
  } finally {
    attempt.end()
  }
  if (response.status < 400) return response
  await response.body?.cancel()
  throw new SchemaError({
    source,
    problem: `The server returned ${response.status}.`,
    fix:
      response.status === 404
        ? 'Check the host: the app host serves /api/schema/, the ingestion host (….i.posthog.com) does not.'
        : retryFix,
  })
}

async function read(response: Response, { source, ...options }: DownloadContext): Promise<Uint8Array> {
  const { status, headers, body } = response
  if (status >= 300 || body === null) {
    const problem = `The server returned ${status} without a document.`
    throw new SchemaError({ source, problem, fix: 'Check the URL.' })
  }
  // The length of a compressed response says nothing about the size of the document.
  if (!headers.has('content-encoding') && Number(headers.get('content-length')) > maxDocumentBytes) {
    await body.cancel()
    throw documentTooLargeError(source)
  }
  const { bytes } = await readBody(response, { ...options, idleTimeout }, maxDocumentBytes)
  return bytes ?? new Uint8Array()
}

function redirectTarget(response: Response, base: URL): URL | undefined {
  if (response.status < 300 || response.status >= 400) return undefined
  const location = response.headers.get('location')
  return location === null || !URL.canParse(location, base.href) ? undefined : new URL(location, base)
}

const retryFix = 'Try again later, or pass the file of an earlier download.'

function toSchemaError(error: unknown, source: string): SchemaError {
  if (error instanceof SchemaError) return error
  if (error instanceof ResponseTooLargeError) return documentTooLargeError(source)
  const problem =
    error instanceof TimeoutError
      ? error.phase === 'idle'
        ? `The server sent nothing for ${error.ms / 1000} s.`
        : `The download took longer than ${error.ms / 1000} s.`
      : 'The connection closed before the document was complete.'
  return new SchemaError({ source, problem, fix: retryFix, cause: error })
}
