import { ResponseTooLargeError } from '../errors/result-errors.ts'

/** Limit for the events of a body. */
export interface EventLimit {
  /** Method and path template, for errors. */
  readonly operation: string
  /** Maximum bytes of one event. */
  readonly maxBytes: number
}

/**
 * Parses the data of server-sent events as they arrive (HTML Living Standard, 9.2.6). Ignores comments, other fields and
 * a truncated event at the end. Cancels the body when the reader leaves.
 *
 * @throws ResponseTooLargeError for an event that is larger than the limit
 */
export async function* serverSentData(
  body: ReadableStream<Uint8Array>,
  { operation, maxBytes }: EventLimit,
): AsyncGenerator<string, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  /** Bytes since the last empty line. */
  let size = 0
  /** Whether the last character is a carriage return. A line feed after it belongs to the same line ending. */
  let returned = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      size += value.byteLength
      const text = decoder.decode(value, { stream: true })
      const fresh = returned && text.startsWith('\n') ? text.slice(1) : text
      if (text !== '') returned = text.endsWith('\r')
      // Splits only the new text: a line may arrive in thousands of chunks.
      const [first = '', ...others] = fresh.split(/\r\n|\n|\r/)
      const lines = [rest + first, ...others]
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') {
          size = 0
          if (data.length === 0) continue
          yield data.join('\n')
          data = []
        } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
        else if (line === 'data') data.push('')
      }
      if (size > maxBytes) throw new ResponseTooLargeError(operation, 'event', maxBytes)
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
