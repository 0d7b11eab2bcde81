import { placeOf, type SourcePlace, type SourceText } from '../source-place.ts'

/** A problem in a text file. */
export interface SourceProblem extends SourcePlace {
  readonly message: string
  /** What to do, in one sentence. */
  readonly fix?: string
  /** The line of the place and a caret below it. */
  readonly frame: readonly string[]
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
