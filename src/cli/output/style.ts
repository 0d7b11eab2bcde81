import { visible } from './visible.ts'

/** Text in a style. Whether the style shows is up to where it is written. */
export interface StyledText {
  readonly text: string
  /** SGR codes: switch on, switch off. */
  readonly codes: readonly [on: number, off: number]
}

/** A line of output. Control characters of its text are escaped when it is written; only styles reach the terminal. */
export type Line = string | StyledText | readonly (string | StyledText)[]

type Paint = (text: string) => StyledText

/** Styles of text. */
export interface Style {
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly dim: Paint
  readonly bold: Paint
}

const paint =
  (on: number, off: number): Paint =>
  (text) => ({ text, codes: [on, off] })

/** Makes styled text. */
export const style: Style = {
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  dim: paint(2, 22),
  bold: paint(1, 22),
}

/** Whether to colour: a terminal, no `--no-color`, no NO_COLOR (https://no-color.org), not TERM=dumb. */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
  option: boolean | undefined,
): boolean {
  return isTTY && option !== false && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** A line as it is written, without its end. `clean` is applied to each text before its control characters are escaped. */
export function renderLine(line: Line, color: boolean, clean: (text: string) => string): string {
  const pieces = typeof line === 'string' || 'codes' in line ? [line] : line
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return visible(clean(piece))
      const [on, off] = piece.codes
      const text = visible(clean(piece.text))
      return color ? `\u001b[${on}m${text}\u001b[${off}m` : text
    })
    .join('')
}
