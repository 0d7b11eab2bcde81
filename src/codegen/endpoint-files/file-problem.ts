import { placeOf } from '../source-place.ts'

/** A place in a text file. Lines and columns start at 1. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** A fault in an endpoint file. */
export interface FileProblem {
  readonly place: Place
  /** What happened and what was expected, as a sentence. */
  readonly message: string
  /** What to do, as a sentence. */
  readonly fix: string
}

/** Renders a place as `file:line:column`, which editors and terminals open. */
export function renderPlace({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

/** Returns the line and column of a UTF-16 offset in a text. */
export function placeAt(file: string, text: string, offset: number): Place {
  const { line, column } = placeOf({ path: file, text }, offset)
  return { file, line, column }
}
