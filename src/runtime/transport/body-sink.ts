import type { Bytes } from './body-reader.ts'

/** Takes a body while it arrives, within its attempt: each attempt has one of its own. */
export interface BodySink {
  push(bytes: Bytes): void
  /** What came of it, when it is over. */
  end(): unknown
}
