import { pointAt } from '../errors/point-at.ts'
import type { ToArrayOptions } from '../paging/list.ts'
import type { WithResponse } from './api-promise.ts'

/** What a method may give: something to await, to loop over, or both. */
interface Given {
  [Symbol.asyncIterator](): AsyncIterator<unknown>
  pages(): AsyncIterable<unknown>
  toArray(options: ToArrayOptions): Promise<unknown[]>
  withResponse(): Promise<WithResponse<unknown>>
  asResponse(): Promise<Response>
}

interface Box {
  readonly given: Given
}

/** A call of a method that is being loaded. It is used as what the method will give. */
export class LateCall implements PromiseLike<unknown> {
  /** In a box: by itself it would be awaited, and a list read. */
  readonly #given: Promise<Box>
  readonly #trace: Error

  /** What the method gives has what it is asked for, by its type. */
  constructor(given: Promise<{ readonly given: unknown }>, trace: Error) {
    this.#given = given as Promise<Box>
    this.#trace = trace
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point of the class
  then<A, B>(
    onfulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#ask((given) => given as unknown).then(onfulfilled, onrejected)
  }

  catch<B>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<unknown> {
    return this.then(undefined, onrejected)
  }

  finally(onfinally?: (() => void) | null): Promise<unknown> {
    return this.#ask((given) => given as unknown).finally(onfinally)
  }

  withResponse(): Promise<WithResponse<unknown>> {
    return this.#ask((given) => given.withResponse())
  }

  asResponse(): Promise<Response> {
    return this.#ask((given) => given.asResponse())
  }

  toArray(options: ToArrayOptions): Promise<unknown[]> {
    return this.#ask((given) => given.toArray(options))
  }

  pages(): AsyncGenerator<unknown, undefined> {
    return this.#walk((given) => given.pages())
  }

  [Symbol.asyncIterator](): AsyncGenerator<unknown, undefined> {
    return this.#walk((given) => given)
  }

  async #ask<T>(question: (given: Given) => T | PromiseLike<T>): Promise<T> {
    try {
      return await question((await this.#given).given)
    } catch (error) {
      throw pointAt(error, this.#trace)
    }
  }

  async *#walk(items: (given: Given) => AsyncIterable<unknown>): AsyncGenerator<unknown, undefined> {
    try {
      yield* items((await this.#given).given)
    } catch (error) {
      throw pointAt(error, this.#trace)
    }
  }
}
