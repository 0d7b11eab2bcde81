/** A parsed ClickHouse type: `Array(Nullable(String))` is an Array with the parameter Nullable. */
interface ColumnType {
  readonly name: string
  readonly parameters: readonly ColumnType[]
}

/** A name, a quoted text, or a character that separates types. */
const token = /`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'|[(),]|[^\s`'(),]+/g

/**
 * Parses a type. The runtime has a parser of its own, which code generation cannot import; a test compares the types with
 * the rows that the client decodes.
 */
function parseColumnType(text: string): ColumnType {
  const tokens = text.match(token) ?? []
  let at = 0
  const parse = (): ColumnType => {
    let name = ''
    // The name of a tuple element stands before its type; the last word is the type.
    while (at < tokens.length && !/^[(),]$/.test(tokens[at] ?? '')) name = tokens[at++] ?? ''
    const parameters: ColumnType[] = []
    if (tokens[at] !== '(') return { name, parameters }
    do {
      at += 1
      if (tokens[at] !== ')') parameters.push(parse())
    } while (tokens[at] === ',')
    at += 1
    // The values of an enum, as in `Enum8('a' = 1)`, are no types, and neither is what follows a bracket.
    while (at < tokens.length && !/^[(),]$/.test(tokens[at] ?? '')) at += 1
    return { name, parameters }
  }
  return parse()
}

/**
 * The TypeScript type of the cells of a ClickHouse type, as `client.hogql` decodes them by default: integers of any width
 * are numbers; dates and decimals are strings. An unlisted type is `unknown`.
 *
 * @example typescriptTypeOfColumn('Array(Nullable(UInt64))') // (number | null)[]
 */
export function typescriptTypeOfColumn(type: string): string {
  return typescriptTypeOf(parseColumnType(type))
}

function typescriptTypeOf({ name, parameters }: ColumnType): string {
  const inner = (at: number): string => {
    const parameter = parameters[at]
    return parameter === undefined ? 'unknown' : typescriptTypeOf(parameter)
  }
  switch (name) {
    case 'Nullable':
      return orNull(inner(0))
    case 'LowCardinality':
      return inner(0)
    case 'SimpleAggregateFunction':
      return inner(1)
    case 'Array':
      return inner(0).includes('|') ? `(${inner(0)})[]` : `${inner(0)}[]`
    case 'Tuple':
      return `[${parameters.map(typescriptTypeOf).join(', ')}]`
    case 'Map':
      return `Record<string, ${inner(1)}>`
  }
  return plainTypes.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown'
}

const plainTypes: readonly (readonly [RegExp, string])[] = [
  [/^U?Int(?:8|16|32|64|128|256)$|^B?Float(?:16|32|64)$/, 'number'],
  [/^(?:String|FixedString|UUID|IPv[46]|Enum(?:8|16)?|Decimal\d*|Date(?:32)?|DateTime(?:64)?)$/, 'string'],
  [/^Bool$/, 'boolean'],
  [/^Nothing$/, 'null'],
]

function orNull(type: string): string {
  return type === 'unknown' || type === 'null' ? type : `${type} | null`
}

/** Integers that `int64` decodes to `bigint` or `string`, and dates that `dates` decodes to `Date`. */
export function optionalTypesOfColumn(type: string): readonly string[] {
  const { name, parameters } = parseColumnType(type)
  const [inner] = parameters
  if ((name === 'Nullable' || name === 'LowCardinality') && inner !== undefined)
    return optionalTypes(inner.name)
  return optionalTypes(name)
}

function optionalTypes(name: string): readonly string[] {
  if (/^U?Int(?:64|128|256)$/.test(name)) return ['bigint', 'string']
  return /^Date(?:32|Time|Time64)?$/.test(name) ? ['Date'] : []
}
