import { isPlainObject, unexpected } from '../config/check-options.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import { type BoundValue, bindValue, type HogQLValue, isPlainValue } from './value.ts'

declare const row: unique symbol

/** A HogQL query or fragment with bound values. It is frozen. `Row` is the type of its rows. */
export interface HogQL<Row = Record<string, unknown>> {
  /** The query text, with placeholders such as `{p0}` for its values. */
  readonly query: string
  /** Bound values by placeholder name, without the braces. */
  readonly values: Readonly<Record<string, BoundValue>>
  /** Exists only at the type level. */
  readonly [row]?: Row
}

/** A parameter in `${…}`: a value, which is bound, or a HogQL fragment. */
export type HogQLParameter = HogQLValue | HogQL<unknown>

/** The `hogql` template tag. */
export interface HogQLTag {
  /**
   * Creates a query with bound values. A parameter never becomes query text, unless it is a HogQL fragment.
   *
   * @throws ConfigurationError for a value without a HogQL constant, and for an argument that is not a template
   * @example
   * const since = new Date('2026-01-01')
   * const query = hogql<{ path: string; views: number }>`
   *   select properties.$pathname as path, count() as views from events
   *   where timestamp > ${since} and event in ${hogql.list(['$pageview'])} group by path limit ${20}`
   */
  <Row = Record<string, unknown>>(text: TemplateStringsArray, ...parameters: HogQLParameter[]): HogQL<Row>
  /**
   * Quotes an identifier that comes from data, such as a column or a property.
   *
   * @throws ConfigurationError without a name, for an empty part, and for `%`, which HogQL does not allow in names
   * @example hogql`select ${hogql.ref('properties', key)} from events`
   */
  ref(...parts: readonly [string, ...string[]]): HogQL<never>
  /**
   * Creates a parenthesized list for `in`. An empty list matches no row.
   *
   * @example hogql`where event in ${hogql.list(names)}`
   */
  list(values: readonly Exclude<HogQLValue, readonly unknown[]>[]): HogQL<never>
  /**
   * Joins values and fragments. Default separator: a comma.
   *
   * @throws ConfigurationError for any other separator than the four of the type
   * @example hogql`where ${hogql.join(conditions, ' and ')}`
   */
  join(parts: readonly HogQLParameter[], separator?: ', ' | ' and ' | ' or ' | ' union all '): HogQL<never>
  /**
   * Creates a fragment from a string with named placeholders and their values, such as the contents of a file.
   *
   * @throws ConfigurationError for a value that is not a string, finite number, boolean, null or an array of these
   * @example hogql.text(await readFile('churn.sql', 'utf8'), { plan: 'pro' })
   */
  text(query: string, values?: Readonly<Record<string, BoundValue>>): HogQL<never>
  /** Inserts a string unchanged. Pass trusted strings only: untrusted input could run any query. */
  raw(text: string): HogQL<never>
}

/** Whether a value is a query or fragment that the `hogql` tag of any copy of the package created. */
export function isHogQL(value: unknown): value is HogQL<unknown> {
  return registeredParts(value) !== undefined
}

/** Template tag for HogQL. It binds values, so they never become query text. */
export const hogql: HogQLTag = /* @__PURE__ */ Object.assign(
  (template: TemplateStringsArray, ...parameters: readonly HogQLParameter[]) => {
    const strings = templateStrings(template, parameters.length)
    return compile(strings.flatMap((text, index) => [{ text }, ...partsOf(parameters, index)]))
  },
  {
    ref: (...parts: readonly unknown[]) => {
      if (parts.length === 0) throw unexpected('The argument of `hogql.ref`', undefined, 'a name')
      return compile([{ text: parts.map(quoteIdentifier).join('.') }])
    },
    list: (values: readonly unknown[]) => {
      const items = assertArray('hogql.list', values)
      const nested = items.findIndex((item) => Array.isArray(item))
      if (nested >= 0) throw unexpected(`Item ${nested} of \`hogql.list\``, items[nested], 'a single value')
      return items.length === 0
        ? compile([{ text: '(NULL)' }])
        : compile([{ text: '(' }, ...joinParts(items.map(partOf), ', '), { text: ')' }])
    },
    join: (parts: readonly unknown[], separator: unknown = ', ') => {
      const items = assertArray('hogql.join', parts)
      const known = separators.find((candidate) => candidate === separator)
      if (known === undefined) {
        throw unexpected('The separator of `hogql.join`', separator, `one of "${separators.join('", "')}"`)
      }
      return compile(joinParts(items.map(partOf), known))
    },
    text: (text: unknown, values: unknown = {}) => {
      if (!isPlainObject(values))
        throw unexpected('The values of `hogql.text`', values, 'an object of values')
      return compile([{ text: assertString('hogql.text', text), values: copyValues(values) }])
    },
    raw: (text: unknown) => compile([{ text: assertString('hogql.raw', text) }]),
  },
)

/** Separators that `hogql.join` accepts. Checked at run time, because a type does not stop untrusted input. */
const separators = [', ', ' and ', ' or ', ' union all '] as const

function assertArray(name: string, value: unknown): readonly unknown[] {
  // A copy has no holes, and the caller cannot mutate it.
  if (Array.isArray(value)) return Array.from(value)
  throw unexpected(`The argument of \`${name}\``, value, 'an array')
}

function assertString(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw unexpected(`The argument of \`${name}\``, value, 'a string')
}

function partsOf(parameters: readonly unknown[], index: number): readonly Part[] {
  return index < parameters.length ? partOf(parameters[index]) : []
}

function partOf(value: unknown): readonly Part[] {
  return registeredParts(value) ?? [{ value }]
}

function joinParts(parts: readonly (readonly Part[])[], separator: string): Part[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: separator }, ...part]))
}

function compile(parts: readonly Part[]): HogQL<never> {
  const texts = parts.map((part) => ('text' in part ? part.text : '')).join(' ')
  // Generated names must not collide with the author's own placeholders, such as `{filters}`.
  const names = parts.flatMap((part) => ('text' in part ? Object.keys(part.values ?? {}) : []))
  let prefix = 'p'
  while (texts.includes(`{${prefix}`) || names.some((name) => name.startsWith(prefix))) prefix += '_'
  const values: Record<string, BoundValue> = {}
  let count = 0
  const bind = (value: BoundValue): string => {
    const name = `${prefix}${count++}`
    values[name] = freezeArray(value)
    return `{${name}}`
  }
  const query = parts
    .map((part) => {
      if (!('text' in part)) return bindValue(part.value, bind)
      for (const [name, value] of Object.entries(part.values ?? {})) addNamedValue(values, name, value)
      return part.text
    })
    .join('')
  const compiled: HogQL<never> = Object.freeze({ query, values: Object.freeze(values) })
  registerParts(compiled, parts)
  return compiled
}

function copyValues(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, freezeArray(value)]))
}

function freezeArray<Value>(value: Value): Value {
  // A copied array has the same type.
  return Array.isArray(value) ? (Object.freeze([...value]) as Value) : value
}

const placeholder = /^[A-Za-z_$][\w$]*$/

/** Adds a value under the author's own placeholder, where Typehog cannot insert a conversion. */
function addNamedValue(values: Record<string, BoundValue>, name: string, value: unknown): void {
  const plain = Array.isArray(value) ? value.every(isPlainValue) : isPlainValue(value)
  const free = !Object.hasOwn(values, name) || values[name] === value
  if (!placeholder.test(name) || name === '__proto__') {
    throw unexpected('A name in the values of `hogql.text`', name, 'letters, digits, _ or $')
  }
  // `isPlainValue` proves it.
  if (plain && free) values[name] = value as BoundValue
  else {
    throw new ConfigurationError({
      message: plain
        ? `The placeholder {${name}} has two different values.`
        : `The value of {${name}} has no HogQL constant.`,
      fix: 'Pass one value per name: a string, a finite number, a boolean, null, or an array of these.',
    })
  }
}

function quoteIdentifier(name: unknown): string {
  if (typeof name === 'string' && name !== '' && !name.includes('%')) {
    // HogQL has no escape sequence for a backtick: it is doubled.
    return `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '``')}\``
  }
  if (typeof name !== 'string') throw unexpected('A name of `hogql.ref`', name, 'a string')
  throw new ConfigurationError({
    message: `Expected the name of a column or property, got ${JSON.stringify(name)}.`,
    fix: 'Use a non-empty string without %.',
  })
}

/**
 * The strings of a tagged template.
 *
 * @param values number of parameters of the call
 * @throws ConfigurationError for any value that JavaScript did not create from a template literal. Untrusted input, such
 * as a parsed JSON array, must not become a query
 */
function templateStrings(value: unknown, values: number): readonly string[] {
  if (!isTemplate(value)) throw unexpected('The argument of `hogql`', value, 'a template', templateFix)
  if (values !== value.length - 1) {
    throw new ConfigurationError({
      message: `Expected ${value.length - 1} values for the template of \`hogql\`, got ${values}.`,
      fix: templateFix,
    })
  }
  // The cooked string of an invalid escape is undefined, despite its type.
  const texts: readonly (string | undefined)[] = value
  return texts.map((text) => {
    if (text !== undefined) return text
    throw new ConfigurationError({
      message: 'The template of `hogql` has an invalid escape sequence, such as \\u or \\x.',
      fix: 'Write \\\\ for a backslash.',
    })
  })
}

const templateFix =
  'Write hogql`select …` with values in its placeholders, or use `hogql.text(query, values)` for a string. No request was sent.'

/** JavaScript freezes both arrays of a template, and a parsed JSON array has no `raw`. */
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

/** A part of a query: text with named values, or a value to bind. */
export type Part =
  | { readonly text: string; readonly values?: Readonly<Record<string, unknown>> }
  | { readonly value: unknown }

/**
 * Global key of the registry that all copies of the package share, so that the ESM and CommonJS builds accept each
 * other's queries. The number changes with `Part`.
 */
const registryKey = Symbol.for('typehog.hogql.1')
/** Parts by query. Used alone if the global object is not extensible. */
let registry: WeakMap<object, readonly Part[]> | undefined

/** The parts of a query that the tag created; undefined for any other value, even with the same shape. */
function registeredParts(value: unknown): readonly Part[] | undefined {
  return typeof value === 'object' && value !== null ? partsRegistry().get(value) : undefined
}

/** Registers a query that this module created. */
function registerParts(query: object, parts: readonly Part[]): void {
  partsRegistry().set(query, parts)
}

function partsRegistry(): WeakMap<object, readonly Part[]> {
  if (registry !== undefined) return registry
  const shared: unknown = Reflect.get(globalThis, registryKey)
  // Only this package sets it: untrusted data cannot contain a symbol key.
  const parts =
    shared instanceof WeakMap ? (shared as typeof registry & object) : new WeakMap<object, readonly Part[]>()
  if (parts !== shared) Reflect.defineProperty(globalThis, registryKey, { value: parts })
  registry = parts
  return parts
}
