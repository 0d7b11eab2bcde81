/** A calculation of a cohort. */
export interface CohortCalculation {
  readonly id: string
  readonly filters: unknown
  readonly count: number
  readonly started_at: string
  readonly finished_at: string
  readonly total_query_ms: number
}

/** A cohort as it is kept. */
export interface CohortRecord {
  readonly id: number
  name: string
  description: string
  deleted: boolean
  filters: Readonly<Record<string, unknown>> | null
  groups: readonly unknown[]
  query: unknown
  readonly is_static: boolean
  readonly created_at: string
  version: number
  /** Members of a static cohort, by uuid. */
  persons: string[]
  calculations: CohortCalculation[]
}
