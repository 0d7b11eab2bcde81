/**
 * The configuration file of the command `typehog`: `typehog.config.json`, or the default export of
 * `typehog.config.ts`, `.mts`, `.js` or `.mjs`. `typehog init` writes it.
 *
 * Paths are relative to the file. `typehog pull` and `typehog check` skip areas that are absent. Options of a command
 * and variables of the environment take precedence over the file.
 *
 * @example
 * export default {
 *   host: 'https://eu.posthog.com',
 *   projectId: 123,
 *   endpoints: { module: 'src/posthog.endpoints.ts' },
 * } satisfies TypehogConfig
 */
export interface TypehogConfig {
  /** JSON schema of the file, for editors. */
  readonly $schema?: string
  /** URL of PostHog. Default: https://us.posthog.com. */
  readonly host?: string
  /** ID of the project: the number in the URL of the app, `/project/<number>`. */
  readonly projectId?: number
  /** Endpoints of the project. */
  readonly endpoints?: EndpointsConfig
  /** HogQL queries in files. */
  readonly queries?: QueriesConfig
  /** Names of the project: events, feature flags, cohorts, groups and variables. */
  readonly project?: ProjectConfig
  /** Operations of your own PostHog server. Needs the package @hey-api/openapi-ts. */
  readonly schema?: SchemaConfig
}

/** What `endpoints pull`, `check` and `push` read and write. */
export interface EndpointsConfig {
  /** Generated module. Default: `posthog.endpoints.ts`. */
  readonly module?: string
  /** Endpoints of the module. Default: all active endpoints. */
  readonly names?: readonly string[]
  /** Whether the module includes inactive endpoints. Default: false. */
  readonly includeInactive?: boolean
  /** Endpoint files, and folders of them, that `endpoints push` and `diff` read. */
  readonly files?: readonly string[]
  /** Whether the module also types `endpoints.run` by name. */
  readonly registry?: boolean
}

/** What `queries pull` and `check` read and write. */
export interface QueriesConfig {
  /** Files with HogQL queries, as glob patterns. Default: all `.sql` files below `queries`. */
  readonly files?: readonly string[]
  /** Generated module. Default: `posthog.queries.ts`. */
  readonly module?: string
  /** TypeScript files whose `hogql` literals `check` reads, as glob patterns. Default: none. */
  readonly source?: readonly string[]
}

/** What `project pull` and `check` write. */
export interface ProjectConfig {
  /** Generated module. Default: `posthog.project.ts`. */
  readonly module?: string
  /** Kinds of names in the module. Default: all. */
  readonly include?: readonly ProjectNameKind[]
  /** Number of events whose properties are in the module. Default: 300. */
  readonly maxEvents?: number
  /** Whether unknown names are compiler errors. Default: false. */
  readonly strictNames?: boolean
}

/** A kind of names of a project. */
export type ProjectNameKind = 'events' | 'featureFlags' | 'cohorts' | 'groups' | 'variables'

/** What `schema pull` and `check` write. */
export interface SchemaConfig {
  /** Generated module. Default: `posthog.schema.ts`. */
  readonly module?: string
}
