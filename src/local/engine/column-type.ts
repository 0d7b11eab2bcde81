/** A ClickHouse type taken apart: `Array(Nullable(String))` -> Array of Nullable of String. */
export interface ClickHouseType {
  readonly name: string
  readonly parameters: readonly ClickHouseType[]
  /** Text between the brackets. */
  readonly inner: string
}

/** Reads the type text of a result column. Never throws: what is not understood has no parameters. */
export function parseType(text: string): ClickHouseType {
  const open = text.indexOf('(')
  if (open < 0 || !text.endsWith(')')) return { name: text.trim(), parameters: [], inner: '' }
  const inner = text.slice(open + 1, -1)
  const parameters = splitParameters(inner).map((part) => parseType(withoutElementName(part)))
  return { name: text.slice(0, open).trim(), parameters, inner }
}

/** The type below Nullable and LowCardinality. */
export function bareType(type: ClickHouseType): ClickHouseType {
  const inner = type.parameters[0]
  return inner !== undefined && (type.name === 'Nullable' || type.name === 'LowCardinality')
    ? bareType(inner)
    : type
}

/** PostHog's word for a column's type, as an endpoint's `columns` shows it. */
export function columnKind(text: string): string {
  const { name } = bareType(parseType(text))
  if (/^U?Int\d+$/.test(name)) return 'integer'
  if (/^(?:Float\d+|BFloat16|Decimal\d*)$/.test(name)) return 'float'
  if (/^(?:String|FixedString|UUID|Enum8|Enum16|IPv4|IPv6)$/.test(name)) return 'string'
  if (/^DateTime(?:64)?$/.test(name)) return 'datetime'
  if (/^Date(?:32)?$/.test(name)) return 'date'
  if (name === 'Bool') return 'boolean'
  if (name === 'Array') return 'array'
  if (/^(?:Map|Tuple|JSON|Object|Nested)$/.test(name)) return 'json'
  return 'unknown'
}

function splitParameters(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (quoted && character === '\\') at += 1
    else if (character === "'") quoted = !quoted
    else if (!quoted && character === '(') depth += 1
    else if (!quoted && character === ')') depth -= 1
    else if (!quoted && character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, text.slice(from).trim()]
}

// Elements of a tuple may carry a name: `Tuple(a String, b UInt8)`.
function withoutElementName(part: string): string {
  const match = /^(?:`[^`]*`|\w+) +([A-Z].*)$/s.exec(part)
  return match?.[1] ?? part
}
