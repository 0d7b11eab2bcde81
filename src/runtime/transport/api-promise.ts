import type { AttemptRecord } from '../errors/call-errors.ts'
import { type CallResult, requestIdOf, toResponse } from './http-response.ts'

/** What a call answered, with the facts around it. */
export interface WithResponse<T> {
  readonly data: T
  readonly response: Response
  /** The server's id of the request, when it gave one. */
  readonly requestId: string | undefined
  /** Every attempt, the last one included. */
  readonly attempts: readonly AttemptRecord[]
}

/**
 * A call under way: await it for the data, or ask for the response behind it. The call starts at once and runs once,
 * however often it is awaited.
 */
export class APIPromise<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'APIPromise' as const
  readonly #outcome: Promise<CallResult>
  readonly #decode: (outcome: CallResult) => T | Promise<T>
  #data: Promise<T> | undefined

  /** `decode` is called when the data is first asked for, and never again. */
  constructor(outcome: Promise<CallResult>, decode: (outcome: CallResult) => T | Promise<T>) {
    this.#outcome = outcome
    this.#decode = decode
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

  /** The data, the response, the request id and the attempts. The response can still be read. */
  async withResponse(): Promise<WithResponse<T>> {
    const outcome = await this.#outcome
    const { headers, attempts } = outcome
    return {
      data: await this.#decoded(),
      response: toResponse(outcome),
      requestId: requestIdOf(headers),
      attempts,
    }
  }

  /** The response alone, not decoded. Failures are thrown as ever. */
  async asResponse(): Promise<Response> {
    return toResponse(await this.#outcome)
  }

  #decoded(): Promise<T> {
    this.#data ??= this.#outcome.then(this.#decode)
    return this.#data
  }
}
