import { ResponseTooLargeError } from '../errors/result-errors.ts'

/** What bounds the events of a body. */
export interface EventLimit {
  /** Method and path template, for errors. */
  readonly operation: string
  /** Bytes of one event. */
  readonly maxBytes: number
}

/**
 * The data of each server-sent event of a body, as it arrives (HTML living standard, 9.2.6). Comments and other
 * fields are left out, and so is an event that the body breaks off in. Ends the transfer when the reader leaves.
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
  /** The last character was a carriage return: a line feed behind it is the second half of the same line's end. */
  let returned = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      size += value.byteLength
      const text = decoder.decode(value, { stream: true })
      const fresh = returned && text.startsWith('\n') ? text.slice(1) : text
      if (text !== '') returned = text.endsWith('\r')
      // Only what is new is looked through: a line may come in thousands of chunks.
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
