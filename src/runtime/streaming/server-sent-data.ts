/**
 * The data of each server-sent event of a body, as it arrives (HTML living standard, 9.2.6). Comments and other
 * fields are left out. Ends the transfer when the reader leaves.
 */
export async function* serverSentData(body: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      // A carriage return at the end may be the first half of a line's end.
      const lines = (done ? `${rest}\n\n` : rest).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '' && data.length > 0) {
          yield data.join('\n')
          data = []
        } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
