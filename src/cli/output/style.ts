/** Colours for text on a terminal; each returns the text as it is when colours are off. */
export interface Style {
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
}

/** SGR codes: switch on, switch off. */
const codes: Readonly<Record<keyof Style, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
}

/** Whether to colour: a terminal, no `--no-color`, no NO_COLOR (https://no-color.org), not TERM=dumb. */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
  option: boolean | undefined,
): boolean {
  return isTTY && option !== false && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** Colours, or none. */
export function createStyle(enabled: boolean): Style {
  const paint =
    (name: keyof Style) =>
    (text: string): string =>
      enabled ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text
  return {
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    dim: paint('dim'),
    bold: paint('bold'),
  }
}
