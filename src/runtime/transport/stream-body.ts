import { withBody } from './http-response.ts'
import {
  cancel,
  chunkReaderOf,
  isTruncated,
  type ReadContext,
  readChunk,
  throwReadError,
  throwTruncatedBody,
} from './read-body.ts'

/**
 * A response whose body is read as the caller reads it; `done` is called once, however the reading ends, and `conclude`
 * completes the error that it ends with.
 */
export function streamBody(
  response: Response,
  reading: ReadContext,
  done: () => void,
  conclude: (error: unknown) => unknown,
): Response {
  const reader = chunkReaderOf(response)
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
          if (isTruncated(response.headers, received)) throwTruncatedBody(response, reading, received)
          controller.close()
        } catch (error) {
          try {
            throwReadError(error, reader, reading)
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
  return withBody(response, body)
}
