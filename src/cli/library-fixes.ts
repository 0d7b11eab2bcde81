import {
  MissingVariablesError,
  NotFoundError,
  RateLimitError,
  WrongRegionError,
} from '../runtime/errors/api-errors.ts'
import { ConfigurationError, type PostHogError } from '../runtime/errors/posthog-error.ts'

/** Long names of the flags that a command accepts, such as `--limit`. */
export type Flags = ReadonlySet<string>

/** The command line's fix for an error of the library. */
interface CliFix {
  /** Part of the library's fix, which identifies the problem. */
  readonly library: RegExp
  /** Undefined when it does not apply to the error. */
  readonly fix: string | ((error: PostHogError) => string | undefined)
}

/** Fixes in place of the library's. The first one applies whose flags the command has, all of them. */
const cliFixes: readonly CliFix[] = [
  // Configuration and access. These flags belong to every command.
  { library: /^Pass `region: /, fix: regionFix },
  { library: /`oauth\(/, fix: 'Get a new access token, and set POSTHOG_PERSONAL_API_KEY to it.' },
  { library: /`explain` lists/, fix: 'Sign in again with the scopes that the command needs.' },
  { library: /`typehog\/api`/, fix: 'Update PostHog: the server knows this route, but not this method.' },
  // Waits and sizes.
  { library: /`retryAt`/, fix: retryFix },
  {
    library: /raise `(?:timeout|idleTimeout|totalTimeout)`/i,
    fix: 'Request less data, or run the command again.',
  },
  {
    library: /`maxResponseBytes`/,
    fix: 'Request fewer columns or rows, or read the rows page by page with `--order-by`.',
  },
  { library: /`maxResponseBytes`|`\.asResponse\(\)`/, fix: 'Request fewer columns or rows.' },
  // Endpoints.
  { library: /^Send every variable/, fix: missingFix },
  {
    library: /^Send every variable/,
    fix: 'Pass every variable with `--var`: a materialized endpoint uses no defaults.',
  },
  {
    library: /^Send variables of this version/,
    fix: 'Pass variables of this version with `--var`; `typehog endpoints get` prints them.',
  },
  { library: /^Activate that version/, fix: 'Activate that version in PostHog, or pass another `--ver`.' },
  { library: /^Remove `refresh/, fix: 'Omit `--refresh direct`: only materialized endpoints accept it.' },
  {
    library: /^Remove `limit` and `offset`/,
    fix: 'Omit `--limit` and `--offset`: endpoints of insights accept neither.',
  },
  { library: /^The current version is/, fix: versionFix },
  {
    library: /^Run `typehog endpoints pull` and review/,
    fix: 'Omit `--ver` to run the latest version, or pass the number of another one.',
  },
  {
    library: /run it async/,
    fix: 'Read less, for example with another `--var`, or materialize the endpoint.',
  },
  // Queries.
  {
    library: /run it async/,
    fix: 'Make the query read less: a shorter time range, fewer columns or a LIMIT.',
  },
  {
    library: /instead of OFFSET/,
    fix: 'Remove OFFSET, and read all rows with `--order-by timestamp,uuid`.',
  },
  { library: /`break` ends it/, fix: 'Remove the LIMIT, or omit `--order-by`.' },
  {
    library: /^Add a LIMIT, .*orderBy/,
    fix: 'Add a LIMIT, or read all rows with `--order-by`.',
  },
  { library: /^Add a LIMIT, .*orderBy/, fix: 'Add a LIMIT.' },
  { library: /^Read all rows with .*orderBy/, fix: 'Read all rows with `--order-by`, or narrow the query.' },
  { library: /^Read all rows with .*orderBy/, fix: 'Narrow the query.' },
  // Exports.
  {
    library: /`overwrite: true`/,
    fix: 'Pass another `--output`, or add `--overwrite` to replace the file.',
  },
  {
    library: /`checkpoint`, or delete it/,
    fix: 'Pass another `--output`, or delete the checkpoint and the .part file to start over.',
  },
  { library: /or export to another path/, fix: 'Wait until it finishes, or pass another `--output`.' },
  { library: /it resumes where it stopped/, fix: 'Run the command again; it resumes where it stopped.' },
]

function regionFix(error: PostHogError): string | undefined {
  if (!(error instanceof WrongRegionError)) return undefined
  return `Pass \`--host https://${error.region}.posthog.com\`, or set POSTHOG_HOST to this URL.`
}

function retryFix(error: PostHogError): string {
  const retryAt = error instanceof RateLimitError ? error.retryAt : undefined
  const wait = retryAt === undefined ? 'Wait a minute' : `Wait until ${retryAt.toISOString()}`
  return `${wait}, then run the command again: all jobs with this key share the limit.`
}

function missingFix(error: PostHogError): string | undefined {
  if (!(error instanceof MissingVariablesError)) return undefined
  return `Pass ${error.missing.map((name) => `\`--var ${name}=…\``).join(' and ')}.`
}

function versionFix(error: PostHogError): string | undefined {
  if (!(error instanceof NotFoundError) || error.currentVersion === undefined) return undefined
  return `Pass \`--ver ${error.currentVersion}\`, or omit \`--ver\` for the latest version.`
}

/** Options of the library and their flags, applied in this order where the command has the flag. */
const flagNames: readonly (readonly [option: RegExp, flag: string])[] = [
  [/`region` (?:or|and) `host`/g, '`--host`'],
  [/, `--host`/g, ' and `--host`'],
  [/`(?:host|region)`/g, '`--host`'],
  [/`projectId`/g, '`--project`'],
  [/`token`/g, '`--token`'],
  [/`orderBy`/g, '`--order-by`'],
  [/`verifyCount`/g, '`--verify-count`'],
  [/`limit`/g, '`--limit`'],
  [/`offset`/g, '`--offset`'],
  [/`refresh`/g, '`--refresh`'],
  [/`version`/g, '`--ver`'],
  [/`cause` has/g, '`--debug` shows'],
  [/ expected `apiKey`, or/g, ' expected'],
  [/`apiKey`/g, 'POSTHOG_PERSONAL_API_KEY'],
]

/** Returns message and fix of a library error in terms of a command: flags that it has, in place of options. */
export function toCliAdvice(
  error: PostHogError,
  flags: Flags,
): { readonly message: string; readonly fix: string | undefined } {
  // Only these messages name options. Others may quote the user's own text.
  const message =
    error instanceof ConfigurationError ? replaceOptionNames(error.message, flags) : error.message
  if (error.fix === undefined) return { message, fix: undefined }
  const [, warning = '', library = ''] =
    /^(PostHog may have processed the request: [^.]*\. )?(.*)$/s.exec(error.fix) ?? []
  const [fix = replaceOptionNames(library, flags)] = cliFixes
    .filter((candidate) => candidate.library.test(library))
    .map((candidate) => (typeof candidate.fix === 'string' ? candidate.fix : candidate.fix(error)))
    .filter((text) => text !== undefined && hasFlags(flags, text))
  return { message, fix: warning + fix }
}

/** The flags that a text names. */
export function flagsIn(text: string): string[] {
  return text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []
}

function replaceOptionNames(text: string, flags: Flags): string {
  return flagNames.reduce(
    (named, [option, flag]) => (hasFlags(flags, flag) ? named.replace(option, flag) : named),
    text,
  )
}

function hasFlags(flags: Flags, text: string): boolean {
  return flagsIn(text).every((flag) => flags.has(flag))
}
