import { styleText } from 'node:util'
import { escapeControlChars } from './text.ts'

type Format = 'red' | 'green' | 'yellow' | 'cyan' | 'magenta' | 'blue' | 'dim' | 'bold'

/** Text with a style. `renderLine` decides whether the style is shown. */
export interface StyledText {
  readonly text: string
  readonly format: Format
}

/** A line of output. `renderLine` escapes its control characters, so only styles reach the terminal. */
export type Line = string | StyledText | readonly (string | StyledText)[]

/** Creates styled text. */
export type Style = Readonly<Record<Format, (text: string) => StyledText>>

/** Text styles. */
export const style: Style = {
  red: (text) => ({ text, format: 'red' }),
  green: (text) => ({ text, format: 'green' }),
  yellow: (text) => ({ text, format: 'yellow' }),
  cyan: (text) => ({ text, format: 'cyan' }),
  magenta: (text) => ({ text, format: 'magenta' }),
  blue: (text) => ({ text, format: 'blue' }),
  dim: (text) => ({ text, format: 'dim' }),
  bold: (text) => ({ text, format: 'bold' }),
}

/** Whether to use color: on a terminal, without `--no-color`, NO_COLOR (https://no-color.org) or TERM=dumb. */
export function shouldUseColor(
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
  option: boolean | undefined,
): boolean {
  return isTTY && option !== false && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** Renders a line without its line feed. Applies `redact` to each text, then escapes control characters. */
export function renderLine(line: Line, color: boolean, redact: (text: string) => string): string {
  const parts = typeof line === 'string' || 'format' in line ? [line] : line
  return parts
    .map((part) => {
      if (typeof part === 'string') return escapeControlChars(redact(part))
      const text = escapeControlChars(redact(part.text))
      // The caller knows the stream; by default styleText looks at this process's stdout.
      return color ? styleText(part.format, text, { validateStream: false }) : text
    })
    .join('')
}
