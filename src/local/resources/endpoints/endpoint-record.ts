/** The saved query of an endpoint: an object with a `kind`. */
export type SavedQuery = Readonly<Record<string, unknown>> & { readonly kind: string }

/** A variable as it stands inside a saved HogQL query. */
export interface QueryVariable {
  readonly variableId: string
  readonly code_name: string
  readonly value?: unknown
  readonly isNull?: boolean | null
}

/** The table behind a materialised version. */
export interface Materialization {
  readonly savedQueryId: string
  readonly builtAt: Date
}

/** One version of an endpoint. A changed query makes a new one; settings change the version in place. */
export interface VersionRecord {
  readonly id: string
  readonly version: number
  readonly query: SavedQuery
  description: string
  freshnessSeconds: number
  isActive: boolean
  materialization: Materialization | null
  bucketOverrides: Readonly<Record<string, string>> | null
  optionalBreakdowns: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly createdAt: Date
  updatedAt: Date | null
  lastExecutedAt: Date | null
}

/** An endpoint of the project. Its newest version is the last of `versions`. */
export interface EndpointRecord {
  readonly id: string
  readonly name: string
  isActive: boolean
  deleted: boolean
  tags: readonly string[]
  readonly derivedFromInsight: string | null
  readonly createdAt: Date
  updatedAt: Date
  lastExecutedAt: Date | null
  readonly versions: VersionRecord[]
}

/** The version that runs when none is asked for: the highest, active or not. */
export function newestVersion(endpoint: EndpointRecord): VersionRecord {
  const newest = endpoint.versions.at(-1)
  if (newest === undefined) throw new Error(`Endpoint ${endpoint.name} has no version`)
  return newest
}

/** The variables of a saved HogQL query, in query order. */
export function queryVariables(query: SavedQuery): QueryVariable[] {
  const variables = query['variables']
  if (typeof variables !== 'object' || variables === null) return []
  // Checked when the query was saved: every value is a variable with a code name.
  return Object.values(variables) as QueryVariable[]
}
