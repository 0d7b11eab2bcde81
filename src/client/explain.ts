import type { RequestArguments, RequestOptions, Route } from '../resources/requester.ts'
import { readHeaders } from '../runtime/config/headers.ts'
import { publicHost } from '../runtime/config/host.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { type Rate, ratesOf, type ThrottleClass } from '../runtime/limits/rates.ts'
import { type Redact, redacted, redactorOf } from '../runtime/observe/redact.ts'
import { isSecretName } from '../runtime/observe/secrets.ts'
import type { HttpRequest } from '../runtime/transport/call.ts'
import { buildRequest, type RawInput } from './build-request.ts'
import { operationOf, scopesOf } from './operation.ts'
import { resolvePathParams } from './path.ts'
import { checkCallOptions, checkInput } from './send.ts'

/** What a call would do. */
export interface Explanation {
  readonly method: string
  /** URL of the request. Secrets in its query are redacted. */
  readonly url: string
  /**
   * The request as a curl command. The key is the variable `$POSTHOG_PERSONAL_API_KEY`; cookies and other secrets are
   * redacted; files are placeholders such as `PATH_TO_FILE_1`, which you replace.
   */
  readonly curl: string
  /** Scopes that the key needs; undefined where PostHog's schema does not tell. */
  readonly scopes: readonly string[] | undefined
  /** The rate limit that counts the call, by Typehog's name, with PostHog Cloud's numbers. */
  readonly throttle: { readonly bucket: ThrottleClass; readonly rates: readonly Rate[] }
  /** Whether it waits for one of the few places that a project has for queries. */
  readonly runsQuery: boolean
  /** `safe`: sent again after any passing failure. `unsafe`: only when PostHog certainly did not act. */
  readonly replay: 'safe' | 'unsafe'
  readonly maxAttempts: number
  /** Milliseconds. */
  readonly timeouts: { readonly attempt: number; readonly idle: number; readonly total: number }
  /** PostHog marks the operation as deprecated. */
  readonly deprecated: boolean
}

/** Explains a call, which is named and filled in as for `request`. Nothing is sent. */
export type Explain = <R extends Route>(route: R, ...args: RequestArguments<R>) => Promise<Explanation>

/** What a call with this configuration would do. */
export async function explain(
  config: Config,
  route: string,
  input: RawInput = {},
  options: RequestOptions = {},
): Promise<Explanation> {
  const operation = operationOf(route)
  checkInput(input)
  checkCallOptions(options)
  const { method, template } = operation
  const { throttle = 'default', runsQuery = false, replay, public: open = false } = operation.call
  const path = resolvePathParams(template, input.path, config)
  const { host } = config
  // The command has the Authorization of the key, whatever a caller says.
  const given = [input.headers, options.headers].map((source) => readHeaders(source, 'drop'))
  const headers = Object.assign({}, config.headers, ...given)
  const outgoing = buildRequest(open ? publicHost(host) : host, operation, path, input, headers)
  const redactText = redactorOf([config], headers, input.query)
  // Brackets would be a pattern to curl.
  const url = redactText(outgoing.url).replaceAll(redacted, 'REDACTED')
  const limits = config.limits === false ? {} : (config.limits.rates ?? {})
  return {
    method,
    url,
    curl: toCurl({ ...outgoing, url }, !open, redactText),
    scopes: scopesOf(method, template),
    throttle: { bucket: throttle, rates: limits[throttle] ?? ratesOf(throttle) },
    runsQuery,
    replay,
    maxAttempts: options.maxAttempts ?? config.retry.maxAttempts,
    timeouts: {
      attempt: options.timeout ?? config.timeout,
      idle: config.idleTimeout,
      total: options.totalTimeout ?? config.totalTimeout,
    },
    deprecated: operation.deprecated,
  }
}

/** What a command line cannot carry is told in comments before the command. */
type Notes = string[]

/**
 * A request as a curl command for a POSIX shell. The key is a variable, other secrets are redacted, and files are
 * placeholders that the user fills in: whatever the request holds, the command reads no file by itself.
 */
export function toCurl(
  { method, url, headers, body }: HttpRequest,
  hasKey: boolean,
  redactText: Redact,
): string {
  const notes: Notes = []
  const parts = [`curl -X ${method} ${quoted(url, notes)}`]
  if (hasKey) parts.push('-H "Authorization: Bearer $POSTHOG_PERSONAL_API_KEY"')
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'authorization') parts.push(`-H ${quoted(headerOf(name, value, redactText), notes)}`)
  }
  if (typeof body === 'string') parts.push(`--data-raw ${quoted(redactText(body), notes)}`)
  else if (body instanceof FormData) parts.push(...formOf(body, notes, redactText))
  else if (body !== undefined) {
    notes.push('Replace PATH_TO_BODY with the path of the body.')
    parts.push('--data-binary @PATH_TO_BODY')
  }
  return [...notes.map((note) => `# ${note}`), parts.join(' \\\n  ')].join('\n')
}

/** To curl `name:` means "without this header"; `name;` sends an empty one. */
function headerOf(name: string, value: string, redactText: Redact): string {
  if (value === '') return `${name};`
  return `${name}: ${isSecretName(name) ? redacted : redactText(value)}`
}

function formOf(form: FormData, notes: Notes, redactText: Redact): string[] {
  let files = 0
  return [...form].map(([rawName, value]) => {
    const name = redactText(rawName).replaceAll('=', '_')
    if (rawName.includes('=')) notes.push(`curl cannot send the field name ${literal(rawName)}.`)
    if (typeof value === 'string') return `--form-string ${quoted(`${name}=${redactText(value)}`, notes)}`
    files += 1
    const placeholder = `PATH_TO_FILE_${files}`
    notes.push(`Replace ${placeholder} with the path of ${literal(redactText(value.name))}.`)
    return `-F ${quoted(`${name}=@${placeholder}${fileFacts(value, redactText)}`, notes)}`
  })
}

/**
 * Name and type of a file. curl takes them apart at these characters, and reads further files that a type such as
 * `a/b;headers=@path` names: the name goes without them, and only plain types are passed on.
 */
function fileFacts({ name, type }: File, redactText: Redact): string {
  const safe = redactText(name).replace(/[\\";=@<\p{Cc}]/gu, '_')
  const plain = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? `;type=${type}` : ''
  return `;filename="${safe}"${plain}`
}

/** A text for a comment: one line of printable ASCII. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** A text as one word of a POSIX shell. Control characters, which a terminal may obey, are written as escapes. */
function quoted(text: string, notes: Notes): string {
  if (text.includes('\0')) notes.push('A command line cannot carry the NUL characters of this request.')
  const whole = text.replaceAll('\0', '')
  if (!/\p{Cc}/u.test(whole)) return `'${whole.replaceAll("'", "'\\''")}'`
  const escaped = whole.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, octal)
  return `$'${escaped}'`
}

function octal(character: string): string {
  const bytes = [...new TextEncoder().encode(character)]
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
