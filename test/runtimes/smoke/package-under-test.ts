/** What a program imports: `typehog`, and what it uses of `typehog/api`. */
export interface PackageUnderTest {
  readonly typehog: Pick<
    typeof import('../../../src/index.ts'),
    'createClient' | 'hogql' | 'isPostHogError' | 'AuthenticationError' | 'ConnectionError'
  >
  readonly api: Pick<typeof import('../../../src/generated/api.gen.ts'), 'listInsightVariables'>
}

/** The account that a program reads from. */
export interface Target {
  readonly host: string
  readonly apiKey: string
  readonly projectId: number
  /** An address at which nobody listens. */
  readonly nowhere: string
  /** Events that it has. */
  readonly events: number
  /** A folder for files, in runtimes that have files. */
  readonly folder?: string
  /** Whether the runtime tells a request that reached nobody from one whose answer was lost. Default: it does. */
  readonly tellsUnsent?: boolean
}
