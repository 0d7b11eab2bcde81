import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseLosslessJson } from '../runtime/rows/lossless-json.ts'

/** A recorded body: JSON, text, or other bytes in base64. A form is a list of names and bodies. */
export type RecordedBody =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly form: readonly (readonly [name: string, body: RecordedBody])[] }

/** A request without its host and its headers. */
export interface RecordedRequest {
  readonly method: string
  /** Path with the query string. */
  readonly path: string
  /** Absent for a request without a body. */
  readonly body?: RecordedBody
}

/** The response to a recorded request. */
export interface RecordedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Absent for a response without a body. */
  readonly body?: RecordedBody
  /** Whether the reader canceled the body, or the connection broke: the rest of it is not recorded. */
  readonly partial?: true
}

/** One line of a recording. */
export interface Exchange {
  /** Position of the request in the recording, counted from 1. Lines are in the order of their responses. */
  readonly order: number
  readonly request: RecordedRequest
  readonly response: RecordedResponse
}

/** A parsed recording. */
export interface Recording {
  /** In the order of the requests. */
  readonly exchanges: readonly Exchange[]
  /** Whether the last line breaks off: the process ended while it was written. */
  readonly truncated: boolean
}

/**
 * Parses a recording. Leaves out a last line that breaks off.
 *
 * @throws Error for any other line that is not a recorded exchange
 */
export function parseRecording(text: string, file: string): Recording {
  const lines = text.split('\n')
  const exchanges: Exchange[] = []
  let truncated = false
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const exchange = parseLine(line)
    if (exchange !== undefined) exchanges.push(exchange)
    else if (index === lines.length - 1) truncated = true
    else {
      throw new Error(
        `Expected line ${index + 1} of ${file} to be a recorded exchange. Repair or delete the line, or record again.`,
      )
    }
  }
  // The sort is stable: lines of two recorders that wrote at once keep their order.
  return { exchanges: exchanges.toSorted((one, two) => one.order - two.order), truncated }
}

function parseLine(line: string): Exchange | undefined {
  try {
    const value = parseLosslessJson(line) as Partial<Exchange> | null
    const { order, request, response } = Object(value) as Partial<Exchange>
    const isExchange =
      typeof order === 'number' &&
      typeof request?.method === 'string' &&
      typeof request.path === 'string' &&
      typeof response?.status === 'number'
    return isExchange
      ? { order, request, response: { ...response, headers: response.headers ?? {} } }
      : undefined
  } catch {
    return undefined
  }
}

/** Appends exchanges to a recording. Each is one write, so a line is complete or the last one. */
export interface RecordingWriter {
  /** Reserves the next position. */
  nextOrder(): number
  append(exchange: Exchange): void
}

/**
 * Opens a recording to append to it. Creates missing folders, and removes a last line that breaks off.
 *
 * @throws Error for a file that is not a recording, so that nothing else is appended to
 */
export function openRecording(file: string): RecordingWriter {
  mkdirSync(dirname(file), { recursive: true })
  let order = 0
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8')
    const { exchanges, truncated } = parseRecording(text, file)
    order = exchanges.at(-1)?.order ?? 0
    if (truncated) truncateSync(file, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)))
    else if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n')
  }
  return {
    nextOrder: () => {
      order += 1
      return order
    },
    append: (exchange) => appendFileSync(file, `${stringifyLossless(exchange)}\n`),
  }
}

/** Marks the digits of a bigint inside a string. The escape of NUL does not occur at the start of other strings. */
const mark = '\0integer:'
const marked = /"\\u0000integer:(-?\d+)"/g

/** Serializes a value to JSON on one line. A bigint keeps all digits. */
export function stringifyLossless(value: unknown): string {
  let wide = false
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== 'bigint') return item
    wide = true
    return `${mark}${item}`
  })
  return wide ? text.replace(marked, '$1') : text
}
