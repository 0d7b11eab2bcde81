/** Line and column of an offset, both from 1, as `line 3, column 7`. */
export function textPosition(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`
}
