import { randomUUID } from 'node:crypto'
import { Secrets } from '../runtime/observe/secrets.ts'
import { withBody } from '../runtime/transport/http-response.ts'
import { createPersonalDataFilter, type PersonalDataFilter } from './personal-data.ts'
import { createPseudonyms } from './pseudonyms.ts'
import { type FetchFunction, readBody, readRequest } from './read-request.ts'
import { openRecording, type RecordedBody } from './recording.ts'

/** Options of `recordFetch`. */
export interface RecordFetchOptions {
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: FetchFunction | undefined
  /**
   * Names of more fields, query parameters and columns with personal values, such as an alias in SQL. Default: none.
   */
  readonly personal?: readonly string[] | undefined
  /**
   * Secret that the replacements are made from. The same secret gives the same replacements in later runs. Default: the
   * API key of the first request, or random if it has none.
   */
  readonly secret?: string | undefined
}

/** Response headers that a client uses. All others are left out. */
const recordedHeaders =
  /^(?:content-type|content-disposition|retry-after|etag|link|location|deprecation|sunset|x-posthog-[\w-]+)$/

/**
 * Creates a `fetch` that records each request and response in a file, for `replayFetch`. Pass it as the client's `fetch`.
 *
 * The file has one JSON object per line, and later runs append to it. Keys, cookies, tokens, e-mail addresses, names of
 * persons, distinct ids, UUIDs, IP addresses, values of properties and values bound to queries are replaced: the same
 * value always by the same replacement of the same form. Request headers are never written. Free text, binary bodies
 * and property values under an SQL alias are kept: read the file before you share it.
 *
 * A response is written when its body has been read. Requests without a response are not recorded.
 *
 * @throws Error for a file that is not a recording or cannot be written
 * @example
 * const posthog = createClient({ fetch: recordFetch('test/cohorts.ndjson') })
 * await posthog.cohorts.list()
 */
export function recordFetch(file: string, options: RecordFetchOptions = {}): FetchFunction {
  const { fetch = (url, init) => globalThis.fetch(url, init), personal = [] } = options
  const writer = openRecording(file)
  const secrets = new Secrets(100)
  let filter: PersonalDataFilter | undefined
  return async (url, given) => {
    const { request, headers, init } = await readRequest(url, given)
    secrets.addNamed(headers)
    const secret = options.secret ?? headers.get('authorization') ?? randomUUID()
    filter ??= createPersonalDataFilter(createPseudonyms(secret), secrets, new Set(personal))
    const { json, text, path } = filter
    const filterBody = (body: RecordedBody): RecordedBody => {
      if ('json' in body) return { json: json(body.json) }
      if ('text' in body)
        return { text: isForm(body.text) ? path(`?${body.text}`).slice(1) : text(body.text) }
      if ('form' in body) return { form: body.form.map(([name, part]) => [name, filterBody(part)]) }
      return body
    }
    const order = writer.nextOrder()
    const response = await fetch(url, init)
    const type = response.headers.get('content-type')
    const record = async (bytes: Uint8Array, partial: boolean): Promise<void> => {
      const body = await readBody(partial ? completeLines(bytes, type) : bytes, type)
      writer.append({
        order,
        request: {
          method: request.method,
          path: path(request.path),
          ...(request.body === undefined ? {} : { body: filterBody(request.body) }),
        },
        response: {
          status: response.status,
          headers: Object.fromEntries(
            [...response.headers]
              .filter(([name]) => recordedHeaders.test(name))
              .map(([name, value]) => [name, path(value)]),
          ),
          ...(body === undefined ? {} : { body: filterBody(body) }),
          ...(partial ? { partial } : {}),
        },
      })
    }
    if (response.body !== null) return watchBody(response, response.body, record)
    await record(new Uint8Array(), false)
    return response
  }
}

/** An URL-encoded form. */
const isForm = (text: string): boolean => /^[\w.[\]%-]+=[^\s{"]*$/.test(text)

/** The complete lines of an event stream or of rows. JSON that breaks off cannot be searched for personal data. */
function completeLines(bytes: Uint8Array, type: string | null): Uint8Array {
  return type?.includes('json') && !type.includes('ndjson')
    ? new Uint8Array()
    : bytes.subarray(0, bytes.lastIndexOf(10) + 1)
}

/** Returns the response with a body that passes its bytes to `record` before it ends. */
function watchBody(
  response: Response,
  source: ReadableStream<Uint8Array>,
  record: (bytes: Uint8Array, partial: boolean) => Promise<void>,
): Response {
  const reader = source.getReader()
  const chunks: Uint8Array[] = []
  const read = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await reader.read()
    if (!done) chunks.push(value)
    return value
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let chunk: Uint8Array | undefined
        try {
          chunk = await read()
        } catch (error) {
          await record(Buffer.concat(chunks), true)
          throw error
        }
        if (chunk !== undefined) return controller.enqueue(chunk)
        await record(Buffer.concat(chunks), false)
        controller.close()
      },
      async cancel(reason) {
        // The rest of a JSON body is needed to find the personal data in it. A stream of events may never end.
        const isJson = response.headers.get('content-type')?.includes('json') === true
        try {
          while (isJson && (await read()) !== undefined);
        } catch {
          return record(Buffer.concat(chunks), true)
        }
        await record(Buffer.concat(chunks), !isJson)
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return withBody(response, body)
}
