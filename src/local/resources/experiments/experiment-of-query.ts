/** What a query needs to know of the experiment that it is about. */
export interface ExperimentOfQuery {
  readonly flagKey: string
  /** ISO moments; events outside do not count. */
  readonly start?: string | null | undefined
  readonly end?: string | null | undefined
}
