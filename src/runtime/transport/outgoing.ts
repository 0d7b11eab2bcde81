import type { Bytes } from './body-reader.ts'

/** What may be sent as a body, any number of times. */
export type OutgoingBody = string | Bytes | FormData | Blob

/** One request on its way out. Plain data: a `Request` is made of it only for middlewares that want to see one. */
export interface Outgoing {
  readonly method: string
  readonly url: string
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: OutgoingBody | undefined
}
