import { requestIdOf } from '../errors/from-response.ts'
import { attemptsOf } from './answer.ts'
import type { AttemptRecord } from './context.ts'

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
  readonly #response: Promise<Response>
  readonly #decode: (response: Response) => Promise<T>
  #data: Promise<T> | undefined

  /** `send` is called at once; `decode` when the data is first asked for, and never again. */
  constructor(send: () => Promise<Response>, decode: (response: Response) => Promise<T>) {
    this.#response = new Promise((resolve) => resolve(send()))
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
    const response = await this.#response
    const data = await this.#decoded()
    return { data, response, requestId: requestIdOf(response.headers), attempts: attemptsOf(response) }
  }

  /** The response alone, not decoded. Failures are thrown as ever. */
  asResponse(): Promise<Response> {
    return this.#response
  }

  #decoded(): Promise<T> {
    this.#data ??= this.#response.then(this.#decode)
    return this.#data
  }
}
