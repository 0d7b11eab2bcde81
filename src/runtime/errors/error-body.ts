import { type Redact, redacted } from '../observe/redact.ts'
import { isSecretName } from '../observe/secrets.ts'
import type { BodyFormat } from './api-errors.ts'

/** What an answer other than 2xx says, whatever its form. */
export interface ErrorBody {
  readonly bodyFormat: BodyFormat
  readonly type?: string | undefined
  readonly code?: string | undefined
  /** What the answer says, as a sentence. */
  readonly detail?: string | undefined
  readonly attr?: string | undefined
  /** `extra` of the standard form, and the further keys of any form. */
  readonly extra?: unknown
  /** Whether the standard form brought an `extra`, as HogQL errors do. */
  readonly hasPositions?: boolean
}

/** Longest sentence that is kept, in characters. */
const maxSentence = 10_000
/** Levels of fields whose errors are read. */
const maxDepth = 8
/** What PostHog answers in place of an exception's own text. */
const stock = 'A server error occurred.'

/**
 * Reads the standard form `{type, code, detail, attr, extra}`, the bare forms `{error, …}` and `{detail}`, a failed
 * async query `{query_status: {error: true, error_message}}`, errors by field `{name: ["…"]}`, texts and pages.
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

/** The bare forms put a code such as `queue_full` into `error`, and their sentence beside it. */
function codeBeside({
  error,
  detail,
  error_description,
}: Readonly<Record<string, unknown>>): string | undefined {
  const hasSentence = typeof (detail ?? error_description) === 'string'
  return hasSentence && typeof error === 'string' && /^\w{1,100}$/.test(error) ? error : undefined
}

/** The sentence under the first name that has one. Without any, all keys are names of fields. */
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
  // The stock sentence tells nothing; what stands beside it may.
  if (first === stock && further.length > 0) return `${first} ${further.join(' ')}`
  if (first !== undefined) return first
  const isFieldErrors = type === undefined && code === undefined && isTexts(fields)
  return isFieldErrors ? sentenceOf(fields) : undefined
}

/** The sentence of JSON that was cut off behind it. */
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

/** Sentences in lists and objects of any depth, and nothing else: the errors of a serializer, by the names of fields. */
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

/** Levels of a structure that are read. */
const maxNesting = 8
/** Sentences that are taken out of a structure. */
const maxSentences = 50
/** Names that say nothing about where an error is. */
const unnamed = new Set(['detail', 'message', 'non_field_errors', '__all__', 'error', 'errors', 'msg'])

/**
 * What a value of an error body says, as one sentence: a text itself; of a list its parts; of an object each part
 * behind its name, such as `filters.0.key: This field is required.` Undefined when there is no text in it.
 */
export function sentenceOf(value: unknown): string | undefined {
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
  // `{ loc: ["body", "limit"], msg: "…" }` of a validator names its place itself.
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
    // A position in a list tells nothing where the part is a text or names its place.
    const hidden =
      unnamed.has(name) || (isList && (typeof part === 'string' || Array.isArray(Object(part).loc)))
    collect(part, hidden ? path : path === '' ? name : `${path}.${name}`, depth + 1, sentences)
  }
}

/** The start of a text, without half of a character at its end. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 2)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return `${text.slice(0, isHalf ? max - 2 : max - 1)}…`
}

/** A sentence for a terminal: one line, without control characters, which a hostile answer may hold. */
export function oneLine(text: string, max: number): string {
  return shorten(text.replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' '), max)
}

/** Headers that an error keeps. */
const maxHeaders = 100
/** Longest value that is kept, in characters. */
const maxValue = 1_000

/** The headers of an answer for its error: cookies and secrets are redacted, long values cut. */
export function safeHeaders(headers: Headers, redactText: Redact): Headers {
  const safe = new Headers()
  let left = maxHeaders
  for (const [name, value] of headers) {
    if (left-- === 0) break
    // A header that is named after a secret is left out.
    if (redactText(name) === name)
      safe.append(name, isSecretName(name) ? redacted : headerValue(value, redactText))
  }
  return safe
}

function headerValue(value: string, redactText: Redact): string {
  const text = redactText(value)
  // A header holds no character beyond Latin-1, such as the ellipsis of a cut.
  return shorten(text, maxValue).replace(/[^\t\x20-\xff]/g, '')
}
