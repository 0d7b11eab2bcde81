import type { AttemptRecord } from '../errors/call-errors.ts'
import { type CallResult, requestIdOf, toResponse } from './http-response.ts'

/** Data of a call with its response. */
export interface WithResponse<T> {
  readonly data: T
  readonly response: Response
  /** The request id from the server, if any. */
  readonly requestId: string | undefined
  /** Every attempt, including the last one. */
  readonly attempts: readonly AttemptRecord[]
}

/**
 * A call in flight. Await it for the data, or get its response. The call starts immediately and runs once, no matter how
 * often you await it.
 */
export class APIPromise<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'APIPromise' as const
  readonly #result: Promise<CallResult>
  readonly #decode: (result: CallResult) => T | Promise<T>
  #data: Promise<T> | undefined

  /** Calls `decode` once, on the first access to the data. */
  constructor(result: Promise<CallResult>, decode: (result: CallResult) => T | Promise<T>) {
    this.#result = result
    this.#decode = decode
  }

  /** Creates a call that `start` sends once another call has resolved. `finish` creates the data from both. */
  static after<First, T, U>(
    first: APIPromise<First>,
    start: () => APIPromise<T>,
    finish: (data: T, first: First) => U,
  ): APIPromise<U> {
    // In an object, because a promise would resolve to the data of the call.
    const started = first.then((value) => ({ value, call: start() }))
    return new APIPromise<U>(
      started.then(({ call }) => call.#result),
      async () => {
        const { value, call } = await started
        return finish(await call, value)
      },
    )
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point of the class
  then<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#decoded().then(onfulfilled, onrejected)
  }

  catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#decoded().catch(onrejected)
  }

  finally(onfinally?: (() => void) | null): Promise<T> {
    return this.#decoded().finally(onfinally)
  }

  /** The data, the response, the request id and the attempts. You can still read the response's body. */
  async withResponse(): Promise<WithResponse<T>> {
    const result = await this.#result
    const { headers, attempts } = result
    return {
      data: await this.#decoded(),
      response: toResponse(result),
      requestId: requestIdOf(headers),
      attempts,
    }
  }

  /** The response without decoding. Throws the same errors. */
  async asResponse(): Promise<Response> {
    return toResponse(await this.#result)
  }

  #decoded(): Promise<T> {
    this.#data ??= this.#result.then(this.#decode)
    return this.#data
  }
}
