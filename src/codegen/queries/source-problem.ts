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

/** A problem in a text file. */
export interface SourceProblem extends SourcePlace {
  readonly message: string
  /** What to do, in one sentence. */
  readonly fix?: string
  /** The line of the place and a caret below it. */
  readonly frame: readonly string[]
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

/** Creates a problem at a part of a text. */
export function problemAt(
  source: SourceText,
  span: { readonly start: number; readonly end?: number },
  message: string,
  fix?: string,
): SourceProblem {
  const start = Math.min(span.start, source.text.length)
  const place = placeOf(source, start)
  const from = start - place.column + 1
  const to = source.text.indexOf('\n', start)
  const line = source.text.slice(from, to < 0 ? undefined : to)
  const carets = Math.max(1, Math.min((span.end ?? start) - start, line.length - place.column + 1))
  // Tabs stay tabs, so that the caret is below its text.
  const indent = line.slice(0, place.column - 1).replace(/[^\t]/g, ' ')
  return {
    ...place,
    message,
    ...(fix === undefined ? {} : { fix }),
    frame: [line, `${indent}${'^'.repeat(carets)}`],
  }
}

/** Converts an offset in Unicode code points, as PostHog counts them, to UTF-16 code units. */
export function fromCodePoints(text: string, offset: number): number {
  let units = 0
  let points = 0
  for (const character of text) {
    if (points === offset) break
    points += 1
    units += character.length
  }
  return units
}
