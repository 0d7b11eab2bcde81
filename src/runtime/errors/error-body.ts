import { type Redact, redacted } from '../observe/redact.ts'
import { isSecretName } from '../observe/secrets.ts'
import type { BodyFormat } from './api-errors.ts'

/** Content of an error response, in any format. */
export interface ErrorBody {
  readonly bodyFormat: BodyFormat
  readonly type?: string | undefined
  readonly code?: string | undefined
  /** The message of the response. */
  readonly detail?: string | undefined
  readonly attr?: string | undefined
  /** `extra` of the standard format, and other keys of any format. */
  readonly extra?: unknown
  /** Whether the standard format has an `extra`, as in HogQL errors. */
  readonly hasPositions?: boolean
}

/** Maximum characters of a message. */
const maxSentence = 10_000
/** Maximum depth of field errors. */
const maxDepth = 8
/** PostHog's generic message in place of an exception's own. */
const genericMessage = 'A server error occurred.'

/**
 * Parses an error response: the standard format `{type, code, detail, attr, extra}`, the bare formats `{error, …}` and
 * `{detail}`, a failed async query `{query_status: {error: true, error_message}}`, field errors `{name: ["…"]}`, plain
 * text and HTML.
 */
export function readErrorBody(text: string, contentType = ''): ErrorBody {
  const start = text.trim()
  if (start === '') return { bodyFormat: 'empty' }
  if (/html/i.test(contentType) || /^<(?:!doctype|html|head|body|title|h1|p|center)\b/i.test(start)) {
    return { bodyFormat: 'html', detail: titleOf(start) }
  }
  let body: unknown
  try {
    body = JSON.parse(start)
  } catch {
    return /^[{[]/.test(start) ? brokenJson(start) : { bodyFormat: 'text', detail: cut(start) }
  }
  if (typeof body === 'string') return { bodyFormat: 'text', detail: cut(body) }
  if (typeof body !== 'object' || body === null) return { bodyFormat: 'json' }
  if (Array.isArray(body)) return { bodyFormat: 'json', detail: cut(sentenceOf(body)), extra: body }
  return readObject(body as Readonly<Record<string, unknown>>)
}

function readObject(body: Readonly<Record<string, unknown>>): ErrorBody {
  const { type, code, detail, attr, extra, error, query_status, ...rest } = body
  if (typeof query_status === 'object' && query_status !== null) {
    const { error_message } = query_status as { error_message?: unknown }
    const sentence = cut(sentenceOf(error_message)) ?? 'The query failed.'
    return { bodyFormat: 'json', type: 'query_status', detail: sentence }
  }
  const others = { ...rest, ...structured('detail', detail), ...structured('error', error) }
  return {
    bodyFormat: 'json',
    type: asText(type),
    code: asText(code) ?? codeBeside(body),
    detail: cut(sentenceIn(body, rest)),
    attr: asText(attr),
    extra: merged(extra, others),
    hasPositions: extra !== undefined && extra !== null,
  }
}

/** The bare formats have a code such as `queue_full` in `error`, and the message in another field. */
function codeBeside({
  error,
  detail,
  error_description,
}: Readonly<Record<string, unknown>>): string | undefined {
  const hasSentence = typeof (detail ?? error_description) === 'string'
  return hasSentence && typeof error === 'string' && /^\w{1,100}$/.test(error) ? error : undefined
}

/** Finds the message under the first known name. Without one, all keys are field names. */
function sentenceIn(
  { type, code, detail, error }: Readonly<Record<string, unknown>>,
  rest: Readonly<Record<string, unknown>>,
): string | undefined {
  const { message, error_message, error_description, summary, title, reason, errors, list, ...fields } = rest
  const named = [
    detail,
    error_description,
    error,
    message,
    error_message,
    summary,
    title,
    reason,
    errors,
    list,
  ]
  const [first, ...further] = named.flatMap((value) => sentenceOf(value) ?? [])
  // The generic message has no information; another field may have some.
  if (first === genericMessage && further.length > 0) return `${first} ${further.join(' ')}`
  if (first !== undefined) return first
  const isFieldErrors = type === undefined && code === undefined && isTexts(fields)
  return isFieldErrors ? sentenceOf(fields) : undefined
}

/** Extracts the message from truncated JSON. */
function brokenJson(text: string): ErrorBody {
  const [, json] =
    /"(?:detail|error|message)"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")/.exec(text.slice(0, maxSentence)) ?? []
  try {
    return { bodyFormat: 'text', detail: cut(JSON.parse(json ?? '""')) }
  } catch {
    return { bodyFormat: 'text', detail: cut(json) }
  }
}

function titleOf(html: string): string | undefined {
  const [, title = ''] = /<title\b[^>]{0,200}>([^<]{1,500})/i.exec(html) ?? []
  const text = title.replace(/\s+/g, ' ').trim()
  return text === '' ? undefined : text
}

/** Whether a value has only strings in nested arrays and objects, like the field errors of a serializer. */
function isTexts(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return true
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false
  return Object.values(value).every((item) => isTexts(item, depth + 1))
}

function structured(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { [name]: value } : {}
}

function merged(extra: unknown, others: Readonly<Record<string, unknown>>): unknown {
  if (Object.keys(others).length === 0) return extra ?? undefined
  if (extra === undefined || extra === null) return others
  return typeof extra === 'object' && !Array.isArray(extra) ? { ...others, ...extra } : { ...others, extra }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function cut(sentence: string | undefined): string | undefined {
  const text = sentence?.trim()
  return text === undefined || text === '' ? undefined : shorten(text, maxSentence)
}

/** Maximum depth of a structure. */
const maxNesting = 8
/** Maximum sentences from a structure. */
const maxSentences = 50
/** Names without information about the position of an error. */
const genericNames = new Set(['detail', 'message', 'non_field_errors', '__all__', 'error', 'errors', 'msg'])

/**
 * Joins the strings of a structure into one message. Prefixes each with its path, such as
 * `filters.0.key: This field is required.` Returns undefined when there are none.
 */
function sentenceOf(value: unknown): string | undefined {
  const sentences: string[] = []
  collect(value, '', 0, sentences)
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

function collect(value: unknown, path: string, depth: number, sentences: string[]): void {
  if (sentences.length >= maxSentences || depth > maxNesting) return
  if (typeof value === 'string') {
    const text = value.trim()
    if (text !== '') sentences.push(path === '' ? text : `${path}: ${text}`)
    return
  }
  if (typeof value !== 'object' || value === null) return
  // The `{ loc: ["body", "limit"], msg: "…" }` of a validator has its own path.
  const { loc, msg, message = msg, ...rest } = value as Readonly<Record<string, unknown>>
  if (Array.isArray(loc) && typeof message === 'string') {
    collect(message, [path, ...loc].filter((part) => part !== '').join('.'), depth + 1, sentences)
    return
  }
  if (typeof message === 'string') {
    collect(message, path, depth + 1, sentences)
    return
  }
  const isList = Array.isArray(value)
  for (const [name, part] of Object.entries(isList ? value : { ...rest, loc, message })) {
    // An array index has no information where the item is a string or has its own path.
    const hidden =
      genericNames.has(name) || (isList && (typeof part === 'string' || Array.isArray(Object(part).loc)))
    collect(part, hidden ? path : path === '' ? name : `${path}.${name}`, depth + 1, sentences)
  }
}

/** Truncates a string without splitting a surrogate pair. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 2)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return `${text.slice(0, isHalf ? max - 2 : max - 1)}…`
}

/** Converts a message to one line for a terminal. Removes control characters, which a hostile response may contain. */
export function oneLine(text: string, max: number): string {
  return shorten(text.replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' '), max)
}

/** Maximum headers on an error. */
const maxHeaders = 100
/** Maximum characters of a header value. */
const maxValue = 1_000

/** Copies the headers of a response for its error. Redacts cookies and secrets, and truncates long values. */
export function safeHeaders(headers: Headers, redactText: Redact): Headers {
  const safe = new Headers()
  let left = maxHeaders
  for (const [name, value] of headers) {
    if (left-- === 0) break
    // A header whose name contains a secret is omitted.
    if (redactText(name) === name)
      safe.append(name, isSecretName(name) ? redacted : headerValue(value, redactText))
  }
  return safe
}

function headerValue(value: string, redactText: Redact): string {
  const text = redactText(value)
  // A header value is Latin-1, without the ellipsis of a truncated string.
  return shorten(text, maxValue).replace(/[^\t\x20-\xff]/g, '')
}
