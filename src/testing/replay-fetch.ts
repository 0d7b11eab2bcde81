import { readFileSync } from 'node:fs'
import { redact } from '../runtime/observe/redact.ts'
import { differences, type RequestPart, Substitutions } from './match-request.ts'
import { type FetchFunction, readRequest } from './read-request.ts'
import {
  type Exchange,
  parseRecording,
  type RecordedBody,
  type RecordedRequest,
  type RecordedResponse,
  stringifyLossless,
} from './recording.ts'

/** Options of `replayFetch`. */
export interface ReplayFetchOptions {
  /**
   * Names of query parameters and fields of bodies that differ from run to run and are not compared. Default:
   * `client_query_id` and `sent_at`.
   */
  readonly ignore?: readonly string[] | undefined
  /**
   * Whether a request that comes more often than it was recorded gets the last response again. Default: false; it is
   * rejected.
   */
  readonly repeatLast?: boolean | undefined
}

/** Maximum number of recorded requests that an error names. */
const maxListed = 3

/**
 * Creates a `fetch` that responds from a recording of `recordFetch` and sends nothing. Pass it as the client's `fetch`.
 *
 * A request matches by method, path, query and body; the host, headers and the order of keys do not matter. Repeated
 * requests get the recorded responses in order. A replacement in the recording, such as an e-mail address, matches the
 * value that your program sends, and from then on only this value. A last line that breaks off is left out.
 *
 * Rejects a request that fits no recorded one with an error that names the request and the closest recorded ones. The
 * client reports it as the `cause` of a `ConnectionError`, without a retry.
 *
 * @throws Error for a file that does not exist or is not a recording
 * @example
 * const posthog = createClient({ apiKey: 'phx_test', projectId: 1, fetch: replayFetch('test/cohorts.ndjson') })
 * const cohorts = await posthog.cohorts.list()
 */
export function replayFetch(file: string, options: ReplayFetchOptions = {}): FetchFunction {
  const { exchanges, truncated } = parseRecording(read(file), file)
  const ignored = new Set(options.ignore ?? ['client_query_id', 'sent_at'])
  const used = new Set<Exchange>()
  const known = new Substitutions()

  /** Finds the first exchange that fits: without new substitutions if there is one. */
  function find(request: RecordedRequest, candidates: readonly Exchange[]): Exchange | undefined {
    let found: Exchange | undefined
    for (const exchange of candidates) {
      const substitutions = known.copy()
      if (differences(exchange.request, request, substitutions, ignored).length > 0) continue
      if (found !== undefined && substitutions.size > known.size) continue
      found = exchange
      if (substitutions.size === known.size) break
    }
    if (found !== undefined) differences(found.request, request, known, ignored)
    return found
  }

  return async (url, init) => {
    const { request } = await readRequest(url, init)
    init?.signal?.throwIfAborted()
    const unused = exchanges.filter((exchange) => !used.has(exchange))
    const repeated =
      options.repeatLast === true ? exchanges.filter((exchange) => used.has(exchange)).reverse() : []
    const exchange = find(request, unused) ?? find(request, repeated)
    if (exchange === undefined) throw new NoRecordingError(describeMiss(request))
    used.add(exchange)
    return toResponse(exchange)
  }

  function describeMiss(request: RecordedRequest): string {
    const called = `${request.method} ${request.path}`
    const ranked = exchanges
      .map((exchange) => ({
        exchange,
        parts: differences(exchange.request, request, known.copy(), ignored),
      }))
      .toSorted((one, two) => weigh(one.parts) - weigh(two.parts))
    const times = ranked.filter(({ parts }) => parts.length === 0).length
    const cut = truncated ? ` The last line of ${file} breaks off and was left out.` : ''
    if (times > 0) {
      return redact(
        `${called} was recorded ${times === 1 ? 'once' : `${times} times`} in ${file} and requested once more.${cut} ` +
          'Record it again, or set `repeatLast: true`.',
      )
    }
    const closest = ranked.slice(0, maxListed).map(({ exchange: { request: other }, parts }) => {
      return `  ${other.method} ${other.path} (other ${parts.join(' and ')})`
    })
    const list =
      closest.length === 0
        ? ' The recording is empty.'
        : ` Closest recorded requests:\n${closest.join('\n')}\n`
    return redact(
      `${file} has no response to ${called}.${cut}${list}Record it with \`recordFetch\`, or \`ignore\` a value that differs from run to run.`,
    )
  }
}

/** The rejection of a request without a recorded response. */
class NoRecordingError extends Error {
  override readonly name = 'NoRecordingError'
  readonly code = 'ERR_NO_RECORDING'
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(
      `Expected a recording at ${file}, but it cannot be read. Record it with \`recordFetch\`.`,
      { cause },
    )
  }
}

/** Weights of the parts: requests to other paths are the least similar. */
const weights: Readonly<Record<RequestPart, number>> = { path: 8, method: 4, body: 2, query: 1 }

const weigh = (parts: readonly RequestPart[]): number => parts.reduce((sum, part) => sum + weights[part], 0)

function toResponse({ request, response }: Exchange): Response {
  const { status, headers } = response
  if (response.partial === true) return new Response(partialBody(request, response), { status, headers })
  const body = response.body === undefined ? null : toBody(response.body)
  return new Response(body, { status, headers })
}

function toBody(body: RecordedBody): string | Uint8Array<ArrayBuffer> | FormData {
  if ('json' in body) return stringifyLossless(body.json)
  if ('text' in body) return body.text
  if ('base64' in body) return new Uint8Array(Buffer.from(body.base64, 'base64'))
  const form = new FormData()
  for (const [name, part] of body.form) {
    const value = toBody(part)
    if (value instanceof Uint8Array) form.append(name, new Blob([value]))
    else if (typeof value === 'string') form.append(name, value)
  }
  return form
}

/** A body that fails after the recorded part. */
function partialBody(
  { method, path }: RecordedRequest,
  { body }: RecordedResponse,
): ReadableStream<Uint8Array> {
  let rest = body === undefined ? undefined : toBody(body)
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (rest === undefined || rest instanceof FormData) {
          throw new NoRecordingError(
            `The recorded body of ${method} ${path} ends here: its reader had stopped.`,
          )
        }
        controller.enqueue(typeof rest === 'string' ? new TextEncoder().encode(rest) : rest)
        rest = undefined
      },
    },
    { highWaterMark: 0 },
  )
}
