/** What the checks can find. */
export type FindingCode =
  | 'missing-reference'
  | 'external-reference'
  | 'reference-cycle'
  | 'unsafe-name'
  | 'duplicate-operation-id'
  | 'colliding-names'
  | 'odd-name'
  | 'reference-with-siblings'

/** One thing about a document that cannot be used (`error`) or that the rules will even out (`warning`). */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly code: FindingCode
  readonly pointer: string
  readonly message: string
  readonly fix: string
}
