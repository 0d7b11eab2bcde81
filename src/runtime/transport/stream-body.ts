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
 * Creates a response with a streamed body. Calls `done` once when the body ends, for whatever reason. `complete`
 * completes an error of the body.
 */
export function streamBody(
  response: Response,
  context: ReadContext,
  done: () => void,
  complete: (error: unknown) => unknown,
): Response {
  const reader = chunkReaderOf(response)
  if (reader === undefined) {
    done()
    return response
  }
  let received = 0
  const removeCallback = context.deadline.onAbort(() => cancel(reader))
  const end = (): void => {
    removeCallback()
    done()
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value } = await readChunk(reader, context)
          context.deadline.throwIfAborted()
          if (value !== undefined) {
            received += value.byteLength
            return controller.enqueue(value)
          }
          if (isTruncated(response.headers, received)) throwTruncatedBody(response, context, received)
          controller.close()
        } catch (error) {
          try {
            throwReadError(error, reader, context)
          } catch (reason) {
            controller.error(complete(reason))
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
