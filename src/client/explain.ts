import type { RequestOptions } from '../resources/requester.ts'
import { omitHeaders, readHeaders, splitHeaders } from '../runtime/config/headers.ts'
import { publicHost } from '../runtime/config/host.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { type Rate, ratesOf, type ThrottleClass } from '../runtime/limits/rates.ts'
import { type Redact, redacted, redactorOf } from '../runtime/observe/redact.ts'
import { isSecretName } from '../runtime/observe/secrets.ts'
import type { HttpRequest } from '../runtime/transport/call.ts'
import { buildRequest, type RawInput, resolvePathParams } from './build-request.ts'
import type { RouteHint } from './did-you-mean.ts'
import { acceptsPersonalKeys, operationOf, scopesOf } from './operation.ts'
import type { RequestArguments, Route } from './request-function.ts'
import { checkCallOptions, checkInput } from './send.ts'

/** Description of a call that is not sent. */
export interface Explanation {
  readonly method: string
  /** URL of the request, with secrets in its query redacted. */
  readonly url: string
  /**
   * The request as a curl command. The key is the variable `$POSTHOG_PERSONAL_API_KEY`. Cookies and other secrets are
   * redacted. Replace placeholders such as `PATH_TO_FILE_1` with your files.
   */
  readonly curl: string
  /** Scopes that the key needs; undefined where PostHog's schema does not list them. */
  readonly scopes: readonly string[] | undefined
  /**
   * Whether PostHog opens the operation to personal API keys. With `false`, PostHog probably returns 403: its schema
   * lists no security for the operation (PostHog's OpenAPI document of 2026-09), which nobody has confirmed with a key.
   */
  readonly personalKey: boolean
  /** Rate limit of the call, by Typehog's name, with PostHog Cloud's rates. */
  readonly throttle: { readonly bucket: ThrottleClass; readonly rates: readonly Rate[] }
  /** Whether the call counts against the project's limit of concurrent queries. */
  readonly runsQuery: boolean
  /** `safe`: retried after any transient failure. `unsafe`: retried only when PostHog certainly did not act. */
  readonly replay: 'safe' | 'unsafe'
  readonly maxAttempts: number
  /** Milliseconds. */
  readonly timeouts: { readonly attempt: number; readonly idle: number; readonly total: number }
  /** Whether PostHog marks the operation as deprecated. */
  readonly deprecated: boolean
}

/** Describes a call without sending it. Takes the arguments of `request`. */
export type Explain = <R extends Route, Text extends string = string>(
  route: R | RouteHint<Text, Route>,
  ...args: RequestArguments<R>
) => Promise<Explanation>

/** Describes what a call with this configuration would do. */
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
  const { throttle = 'default', runsQuery = false, replay, public: isPublic = false } = operation.call
  const path = resolvePathParams(template, input.path, config)
  const { host } = config
  // The command always uses the client's key.
  const [given, dropped] = splitHeaders({
    ...readHeaders(input.headers, 'curl'),
    ...readHeaders(options.headers, 'curl'),
  })
  const headers = { ...omitHeaders(config.headers, dropped), ...given }
  const request = buildRequest(isPublic ? publicHost(host) : host, operation, path, input, headers)
  const redactText = redactorOf([config], headers, input.query)
  // curl treats brackets in a URL as a pattern.
  const url = redactText(request.url).replaceAll(redacted, 'REDACTED')
  const limits = config.limits === false ? {} : (config.limits.rates ?? {})
  return {
    method,
    url,
    curl: toCurl({ ...request, url }, !isPublic, redactText),
    scopes: scopesOf(method, template),
    personalKey: acceptsPersonalKeys(method, template),
    throttle: { bucket: throttle, rates: limits[throttle] ?? ratesOf(throttle) },
    runsQuery,
    replay,
    maxAttempts: options.maxAttempts ?? config.retry.maxAttempts,
    timeouts: {
      attempt: options.timeout ?? config.timeout,
      idle: config.idleTimeout,
      total: options.totalTimeout ?? config.totalTimeout,
    },
    deprecated: operation.deprecation !== undefined,
  }
}

/** Comments before the command, about anything that a command line cannot represent. */
type Notes = string[]

/**
 * Formats a request as a curl command for a POSIX shell. The key is a variable, other secrets are redacted, and files
 * are placeholders. Whatever the request contains, the command reads no file by itself.
 */
function toCurl({ method, url, headers, body }: HttpRequest, hasKey: boolean, redactText: Redact): string {
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

/** curl reads `name:` as "without this header" and `name;` as an empty header. */
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
 * Name and type of a file. curl splits them at these characters, and reads further files from a type such as
 * `a/b;headers=@path`. So the name loses these characters, and only plain types appear in the command.
 */
function fileFacts({ name, type }: File, redactText: Redact): string {
  const safe = redactText(name).replace(/[\\";=@<\p{Cc}]/gu, '_')
  const plain = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? `;type=${type}` : ''
  return `;filename="${safe}"${plain}`
}

/** Quotes a string for a comment: one line of printable ASCII. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Quotes a string as one word of a POSIX shell. Escapes control characters, which a terminal may interpret. */
function quoted(text: string, notes: Notes): string {
  if (text.includes('\0')) notes.push('A command line cannot carry the NUL characters of this request.')
  const withoutNul = text.replaceAll('\0', '')
  if (!/\p{Cc}/u.test(withoutNul)) return `'${withoutNul.replaceAll("'", "'\\''")}'`
  const escaped = withoutNul.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, octal)
  return `$'${escaped}'`
}

function octal(character: string): string {
  const bytes = [...new TextEncoder().encode(character)]
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
