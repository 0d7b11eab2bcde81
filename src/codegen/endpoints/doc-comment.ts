/** Widest line of a comment. */
const width = 100

/** A doc comment that no text can end early, or nothing when there is nothing to say. */
export function docComment(lines: readonly (string | undefined)[], indent = ''): string {
  const shown = lines
    .map((line) => commentText(line ?? ''))
    .filter((line) => line !== '')
    .flatMap(wrap)
  if (shown.length === 0) return ''
  if (shown.length === 1) return `${indent}/** ${shown[0]} */\n`
  return `${indent}/**\n${shown.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}

/**
 * The text on one line that neither ends a comment nor means anything to a compiler: without `*` before `/`, control
 * characters, marks that change the direction of text and lone surrogates, and with `@` of directives and tags escaped.
 */
export function commentText(text: string): string {
  const flat = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').replace(/\p{Cs}/gu, '\ufffd')
  return flat
    .replaceAll('*/', '*\\/')
    .replace(/(?<![\w.%+-])@(?=[a-z])/gi, '\\@')
    .trim()
}

function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
