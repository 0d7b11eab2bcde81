import { rebuilt } from './answer.ts'
import { cancel, fail, isShort, type Reading, readChunk, readerOf, refuseCutBody } from './body-reader.ts'

/**
 * A response whose body is read as the caller reads it; `done` is called once, however the reading ends, and `conclude`
 * completes the error that it ends with.
 */
export function streamBody(
  response: Response,
  reading: Reading,
  done: () => void,
  conclude: (error: unknown) => unknown,
): Response {
  const reader = readerOf(response)
  if (reader === undefined) {
    done()
    return response
  }
  let received = 0
  const leave = reading.scope.onAbort(() => cancel(reader))
  const end = (): void => {
    leave()
    done()
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value } = await readChunk(reader, reading)
          reading.scope.throwIfAborted()
          if (value !== undefined) {
            received += value.byteLength
            return controller.enqueue(value)
          }
          if (isShort(response.headers, received)) refuseCutBody(response, reading, received)
          controller.close()
        } catch (error) {
          try {
            fail(error, reader, reading)
          } catch (reason) {
            controller.error(conclude(reason))
          }
        }
        end()
      },
      cancel() {
        cancel(reader)
        end()
      },
    },
    { highWaterMark: 0 },
  )
  return rebuilt(response, body)
}
