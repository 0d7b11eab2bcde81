/**
 * The data of each server-sent event of a body, as it arrives (HTML living standard, 9.2.6). Comments and other
 * fields are left out. Ends the transfer when the reader leaves.
 */
export async function* serverSentData(body: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  /** The last character was a carriage return: a line feed behind it is the second half of the same line's end. */
  let returned = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      const text = done ? decoder.decode() : decoder.decode(value, { stream: true })
      const fresh = returned && text.startsWith('\n') ? text.slice(1) : text
      if (text !== '') returned = text.endsWith('\r')
      // Only what is new is looked through: a line may come in thousands of chunks.
      const [first = '', ...others] = `${fresh}${done ? '\n\n' : ''}`.split(/\r\n|\n|\r/)
      const lines = [rest + first, ...others]
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '' && data.length > 0) {
          yield data.join('\n')
          data = []
        } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
        else if (line === 'data') data.push('')
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
