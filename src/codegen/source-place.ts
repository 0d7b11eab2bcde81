/** A text file, with its path for messages. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

/** A place in a text file. Line and column start at 1; the column counts UTF-16 code units. */
export interface SourcePlace {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** Returns the place of an offset. */
export function placeOf({ path, text }: SourceText, offset: number): SourcePlace {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return { path, line: before.split('\n').length, column: offset - start + 1 }
}

/** Formats a place as `queries/top.sql:3:7`. */
export function formatPlace({ path, line, column }: SourcePlace): string {
  return `${path}:${line}:${column}`
}
