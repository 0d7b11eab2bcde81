import { isPlainObject, unexpected } from '../config/check-options.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import { type BoundValue, bindValue, type HogQLValue, isPlainValue } from './value.ts'

declare const row: unique symbol

/** A query, or a part of one, with its values apart from its text. Frozen; `Row` is what its rows are taken for. */
export interface HogQL<Row = Record<string, unknown>> {
  /** The text, with `{p0}` and so on for its values. */
  readonly query: string
  /** By the names in the text, without the braces. */
  readonly values: Readonly<Record<string, BoundValue>>
  /** Only a type. */
  readonly [row]?: Row
}

/** What may stand in `${…}`: a value, which is bound, or a part of a query. */
export type HogQLParameter = HogQLValue | HogQL<unknown>

/** Writes HogQL. */
export interface HogQLTag {
  /**
   * A query whose values are bound. Nothing that stands in `${…}` becomes text, except parts that this tag made.
   *
   * @throws ConfigurationError for a value that HogQL has no constant for, and for anything but a template, such as a
   * list of JSON
   * @example
   * const since = new Date('2026-01-01')
   * const query = hogql<{ path: string; views: number }>`
   *   select properties.$pathname as path, count() as views from events
   *   where timestamp > ${since} and event in ${hogql.list(['$pageview'])} group by path limit ${20}`
   */
  <Row = Record<string, unknown>>(text: TemplateStringsArray, ...parameters: HogQLParameter[]): HogQL<Row>
  /**
   * A name that comes from data, such as a column or a property; each part is quoted.
   *
   * @throws ConfigurationError without a name, for an empty part, and for `%`, which HogQL allows in no name
   * @example hogql`select ${hogql.ref('properties', key)} from events`
   */
  ref(...parts: readonly [string, ...string[]]): HogQL<never>
  /**
   * A list in round brackets, for `in`. An empty list fits no row.
   *
   * @example hogql`where event in ${hogql.list(names)}`
   */
  list(values: readonly Exclude<HogQLValue, readonly unknown[]>[]): HogQL<never>
  /**
   * Joins parts. Default separator: a comma.
   *
   * @throws ConfigurationError for another separator than the four of the type
   * @example hogql`where ${hogql.join(conditions, ' and ')}`
   */
  join(parts: readonly HogQLParameter[], separator?: ', ' | ' and ' | ' or ' | ' union all '): HogQL<never>
  /**
   * A text with `{names}` of its own and their values, such as one that is kept in a file.
   *
   * @throws ConfigurationError for a value that is no text, finite number, boolean, null or list of these
   * @example hogql.text(await readFile('churn.sql', 'utf8'), { plan: 'pro' })
   */
  text(query: string, values?: Readonly<Record<string, BoundValue>>): HogQL<never>
  /** A text as it is. Pass your own texts only: text from outside could run any query. */
  raw(text: string): HogQL<never>
}

/** Whether a value is a query, or a part of one, that the tag made: here, or in another copy of the package. */
export function isHogQL(value: unknown): value is HogQL<unknown> {
  return partsMade(value) !== undefined
}

/** Writes HogQL whose values are bound and never become text. */
export const hogql: HogQLTag = /* @__PURE__ */ Object.assign(
  (text: TemplateStringsArray, ...parameters: readonly HogQLParameter[]) => {
    const pieces = templateTexts(text, parameters.length)
    return compile(pieces.flatMap((piece, index) => [{ text: piece }, ...partsOf(parameters, index)]))
  },
  {
    ref: (...parts: readonly unknown[]) => {
      if (parts.length === 0) throw unexpected('The argument of `hogql.ref`', undefined, 'a name')
      return compile([{ text: parts.map(quoted).join('.') }])
    },
    list: (values: readonly unknown[]) => {
      const items = listOf('hogql.list', values)
      const nested = items.findIndex((item) => Array.isArray(item))
      if (nested >= 0) throw unexpected(`Item ${nested} of \`hogql.list\``, items[nested], 'a single value')
      return items.length === 0
        ? compile([{ text: '(NULL)' }])
        : compile([{ text: '(' }, ...between(items.map(partOf), ', '), { text: ')' }])
    },
    join: (parts: readonly unknown[], separator: unknown = ', ') => {
      const items = listOf('hogql.join', parts)
      const known = separators.find((candidate) => candidate === separator)
      if (known === undefined) {
        throw unexpected('The separator of `hogql.join`', separator, `one of "${separators.join('", "')}"`)
      }
      return compile(between(items.map(partOf), known))
    },
    text: (text: unknown, values: unknown = {}) => {
      if (!isPlainObject(values))
        throw unexpected('The values of `hogql.text`', values, 'an object of values')
      return compile([{ text: textOf('hogql.text', text), values: copied(values) }])
    },
    raw: (text: unknown) => compile([{ text: textOf('hogql.raw', text) }]),
  },
)

/** What `hogql.join` may put between parts. A list, since a type cannot stop text from outside. */
const separators = [', ', ' and ', ' or ', ' union all '] as const

function listOf(name: string, value: unknown): readonly unknown[] {
  // A copy has no holes, and nobody else can change it.
  if (Array.isArray(value)) return Array.from(value)
  throw unexpected(`The argument of \`${name}\``, value, 'a list')
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw unexpected(`The argument of \`${name}\``, value, 'a text')
}

function partsOf(parameters: readonly unknown[], index: number): readonly Part[] {
  return index < parameters.length ? partOf(parameters[index]) : []
}

function partOf(value: unknown): readonly Part[] {
  return partsMade(value) ?? [{ value }]
}

function between(parts: readonly (readonly Part[])[], separator: string): Part[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: separator }, ...part]))
}

function compile(parts: readonly Part[]): HogQL<never> {
  const texts = parts.map((part) => ('text' in part ? part.text : '')).join(' ')
  // The author's own placeholders, such as `{filters}`, are left alone.
  const names = parts.flatMap((part) => ('text' in part ? Object.keys(part.values ?? {}) : []))
  let prefix = 'p'
  while (texts.includes(`{${prefix}`) || names.some((name) => name.startsWith(prefix))) prefix += '_'
  const values: Record<string, BoundValue> = {}
  let count = 0
  const bind = (value: BoundValue): string => {
    const name = `${prefix}${count++}`
    values[name] = frozen(value)
    return `{${name}}`
  }
  const query = parts
    .map((part) => {
      if (!('text' in part)) return bindValue(part.value, bind)
      for (const [name, value] of Object.entries(part.values ?? {})) keep(values, name, value)
      return part.text
    })
    .join('')
  const compiled: HogQL<never> = Object.freeze({ query, values: Object.freeze(values) })
  rememberParts(compiled, parts)
  return compiled
}

function copied(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, frozen(value)]))
}

function frozen<Value>(value: Value): Value {
  // A copy of a list is a list of the same.
  return Array.isArray(value) ? (Object.freeze([...value]) as Value) : value
}

const placeholder = /^[A-Za-z_$][\w$]*$/

/** A value under the author's own name for it, whose text cannot say how to convert it. */
function keep(values: Record<string, BoundValue>, name: string, value: unknown): void {
  const plain = Array.isArray(value) ? value.every(isPlainValue) : isPlainValue(value)
  const free = !Object.hasOwn(values, name) || values[name] === value
  if (!placeholder.test(name) || name === '__proto__') {
    throw unexpected('A name in the values of `hogql.text`', name, 'letters, digits, _ or $')
  }
  // `isPlainValue` proves it.
  if (plain && free) values[name] = value as BoundValue
  else {
    throw new ConfigurationError({
      message: `The value of {${name}} ${plain ? 'is given twice' : 'has no constant in HogQL'}.`,
      fix: 'Give each name once: a text, a finite number, a boolean, null, or a list of these.',
    })
  }
}

function quoted(name: unknown): string {
  if (typeof name === 'string' && name !== '' && !name.includes('%')) {
    return `\`${name.replace(/[\\`]/g, '\\$&')}\``
  }
  if (typeof name !== 'string') throw unexpected('A name of `hogql.ref`', name, 'a text')
  throw new ConfigurationError({
    message: `${JSON.stringify(name)} cannot be the name of a column.`,
    fix: 'Use a text that is not empty and has no %.',
  })
}

/**
 * The texts of a tagged template.
 *
 * @param values how many values the call has beside the texts
 * @throws ConfigurationError for anything that the engine did not make of a template: text from outside, such as a
 * list of JSON, must not become a query
 */
export function templateTexts(value: unknown, values: number): readonly string[] {
  if (!isTemplate(value)) throw unexpected('The argument of `hogql`', value, 'a template', templateFix)
  if (values !== value.length - 1) {
    throw new ConfigurationError({
      message: `\`hogql\` got ${values} values for ${value.length - 1} places of its template.`,
      fix: templateFix,
    })
  }
  // The cooked text of an escape that does not exist is undefined, whatever the type says.
  const texts: readonly (string | undefined)[] = value
  return texts.map((text) => {
    if (text !== undefined) return text
    throw new ConfigurationError({
      message: 'A template of `hogql` has an escape that JavaScript does not know, such as \\u or \\x.',
      fix: 'Write a backslash as two.',
    })
  })
}

const templateFix =
  'Write hogql`select …`, with values in its placeholders. Use `hogql.text(text, values)` for a text of your own. Nothing was sent.'

/** Engines freeze both lists of a template, and no JSON has a list with `raw`. */
function isTemplate(value: unknown): value is TemplateStringsArray {
  if (!Array.isArray(value) || !Object.isFrozen(value) || !Object.hasOwn(value, 'raw')) return false
  const { raw } = value as { readonly raw?: unknown }
  return (
    Array.isArray(raw) &&
    Object.isFrozen(raw) &&
    raw.length === value.length &&
    raw.length > 0 &&
    raw.every((text) => typeof text === 'string') &&
    value.every((text) => typeof text === 'string' || text === undefined)
  )
}

/** A piece of a query: text with values under names of its own, or a value that is to be bound. */
export type Part =
  | { readonly text: string; readonly values?: Readonly<Record<string, unknown>> }
  | { readonly value: unknown }

/**
 * Where all copies of the package in a program keep the parts of the queries that they made: the one for `import`
 * and the one for `require` take each other's. The number changes with `Part`.
 */
const key = Symbol.for('typehog.hogql.1')
/** Parts by query, if the global object cannot be extended. */
let own: WeakMap<object, readonly Part[]> | undefined

/** The parts of a query that the tag made; undefined for anything else, whatever it looks like. */
export function partsMade(value: unknown): readonly Part[] | undefined {
  return typeof value === 'object' && value !== null ? made().get(value) : undefined
}

/** Notes that this module made a query. */
export function rememberParts(query: object, parts: readonly Part[]): void {
  made().set(query, parts)
}

function made(): WeakMap<object, readonly Part[]> {
  if (own !== undefined) return own
  const shared: unknown = Reflect.get(globalThis, key)
  // Only code of this package sets it: a symbol is no key that JSON or a prototype of plain data has.
  const parts =
    shared instanceof WeakMap ? (shared as typeof own & object) : new WeakMap<object, readonly Part[]>()
  if (parts !== shared) Reflect.defineProperty(globalThis, key, { value: parts })
  own = parts
  return parts
}
