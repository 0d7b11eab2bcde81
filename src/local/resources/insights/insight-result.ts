/** The result of the last computation of an insight. */
export interface InsightResult {
  readonly result: unknown
  readonly columns: readonly string[] | null
  readonly types: unknown
  readonly hasMore: boolean | null
  readonly hogql: string | null
  readonly last_refresh: string
}
