/** Formats a string as a ClickHouse literal. */
export function stringLiteral(value: string): string {
  const escaped = value
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\0/g, '\\0')
    .replace(/\n/g, '\\n')
  return `'${escaped}'`
}

/** Formats a name as a ClickHouse identifier, always in backticks. */
export function quotedName(name: string): string {
  return `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '\\`')}\``
}

/** Formats strings as a ClickHouse array literal, such as the value of an `Array` parameter. */
export function listLiteral(values: readonly string[]): string {
  return `[${values.map(stringLiteral).join(', ')}]`
}

/** Formats a time so that ClickHouse can parse it as a DateTime64. */
export function clickHouseTime(time: Date): string {
  const iso = time.toISOString()
  return `${iso.slice(0, -14)} ${iso.slice(-13, -1)}`
}

/** Converts a DateTime64 cell in UTC to an ISO time. */
export function isoTime(cell: unknown): string {
  return `${String(cell).replace(' ', 'T')}Z`
}

/** The named parameters of a query. Values never become part of the SQL text. */
export interface QueryParameters {
  readonly values: Record<string, string>
  /** Adds a value and returns its placeholder. */
  add(value: string, type?: string): string
}

/** Creates an empty set of parameters. */
export function createQueryParameters(): QueryParameters {
  const values: Record<string, string> = {}
  return {
    values,
    add(value, type = 'String') {
      const name = `i${Object.keys(values).length}`
      values[name] = value
      return `{${name}:${type}}`
    },
  }
}
