/** What a user sets of a feature flag. */
export interface FlagSettings {
  readonly key: string
  readonly name: string
  readonly active: boolean
  readonly archived: boolean
  readonly deleted: boolean
  readonly filters: Readonly<Record<string, unknown>>
  readonly tags: readonly string[]
  readonly evaluation_contexts: readonly string[]
  readonly ensure_experience_continuity: boolean
  readonly evaluation_runtime: string
  readonly bucketing_identifier: string | null
  readonly has_encrypted_payloads: boolean
  readonly is_remote_configuration: boolean
  readonly analytics_dashboards: readonly number[]
}

/** A feature flag as one of its versions had it. */
export interface FlagVersion {
  readonly version: number
  readonly at: string
  readonly settings: FlagSettings
}

/** A feature flag as it is kept. */
export interface FlagRecord {
  readonly id: number
  readonly project: number
  readonly created_at: string
  readonly creation_context: string
  readonly usage_dashboard: number
  updated_at: string
  last_called_at: string | null
  settings: FlagSettings
  /** Oldest first; the last one is that of now. */
  readonly versions: FlagVersion[]
}

/** Number of the version that is in force. */
export function versionOf(flag: FlagRecord): number {
  return flag.versions.at(-1)?.version ?? 1
}
