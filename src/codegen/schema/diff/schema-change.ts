/**
 * How much a change matters to code that was written against the older document.
 *
 * - `breaking`: a call or a read that was right is wrong now.
 * - `risky`: it still works, but values may come that did not come before (an optional field, null, a new enum value).
 * - `safe`: nothing that was used changes.
 */
export type Grade = 'breaking' | 'risky' | 'safe'

/** One difference between two documents. */
export interface SchemaChange {
  readonly grade: Grade
  /** Place in the newer document, or in the older one for what is gone. */
  readonly pointer: string
  /** `GET /api/…`, the first operation that it concerns. */
  readonly operation?: string
  readonly message: string
}

/** Which way a value travels: what a caller sends may only be accepted more widely, what comes back only more narrowly. */
export type Direction = 'request' | 'response'
