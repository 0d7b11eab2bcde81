/** Compares two strings by code unit, so that the order does not depend on the locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Renders a string as a TypeScript literal in single quotes. Escapes everything that could end it or hide in it. */
export function quoted(text: string): string {
  // JSON escapes everything that a literal needs except single quotes; double quotes need no escape here.
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replace(/[\u2028\u2029\p{Cc}\p{Cf}]/gu, escapeCodeUnits)}'`
}

function escapeCodeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** A name and the module that exports it. */
export interface NamedImport {
  readonly name: string
  readonly from: string
}

/** Renders import statements, one per module, with modules and names sorted. */
export function importLines(imports: readonly NamedImport[], kind: 'type' | 'value'): string {
  return statements(imports, kind === 'type' ? 'import type' : 'import')
}

/** Renders `export … from` statements, one per module, with modules and names sorted. */
export function exportLines(exports: readonly NamedImport[], kind: 'type' | 'value'): string {
  return statements(exports, kind === 'type' ? 'export type' : 'export')
}

function statements(entries: readonly NamedImport[], keyword: string): string {
  const byModule = new Map<string, Set<string>>()
  for (const { name, from } of entries) {
    const names = byModule.get(from) ?? new Set<string>()
    byModule.set(from, names.add(name))
  }
  return [...byModule]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([from, names]) => {
      const lines = [...names].sort(byCodeUnit).map((name) => `  ${name},\n`)
      return `${keyword} {\n${lines.join('')}} from '${from}'`
    })
    .join('\n')
}

/** Maximum length of a comment line, in characters. */
const maxLineLength = 100

/**
 * Renders a doc comment. Returns an empty string when all lines are empty.
 *
 * @param deprecated text of the tag `@deprecated`
 */
export function docComment(
  lines: readonly (string | undefined)[],
  indent = '',
  deprecated?: string | undefined,
): string {
  const wrapped = lines
    .map((line) => commentText(line ?? ''))
    .filter((line) => line !== '')
    .flatMap(wrap)
  if (deprecated !== undefined) wrapped.push(`@deprecated ${commentText(deprecated)}`)
  if (wrapped.length === 0) return ''
  if (wrapped.length === 1) return `${indent}/** ${wrapped[0]} */\n`
  return `${indent}/**\n${wrapped.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}

/**
 * Makes text safe for a comment, on one line: it cannot end the comment or act as a compiler directive. Replaces
 * control and direction characters with spaces, replaces lone surrogates, and escapes `*` before `/` and `@` before a
 * name.
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
    if (line !== '' && line.length + 1 + word.length > maxLineLength) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Replaces all line breaks with line feeds. PostHog keeps the ones that it receives. */
export function normalizeLines(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}

/** Removes a byte order mark and carriage returns, so that checkouts of any platform have the same text. */
export function normalizeText(text: string): string {
  return normalizeLines(text.replace(/^\uFEFF/, ''))
}
