import { isObject } from '../../shared/is-object.ts'

/** The text of a package.json with more scripts. */
export interface ExtendedManifest {
  readonly text: string
  /** Names of the scripts that were added. Existing scripts stay as they are. */
  readonly added: readonly string[]
}

/**
 * Adds scripts to the text of a package.json and leaves all other characters as they are.
 *
 * @returns undefined for text that is not a manifest with an object of scripts
 */
export function addScripts(
  text: string,
  scripts: Readonly<Record<string, string>>,
): ExtendedManifest | undefined {
  const manifest = parse(text)
  const existing = manifest?.['scripts'] ?? {}
  if (manifest === undefined || !isObject(existing)) return undefined
  const added = Object.entries(scripts).filter(([name]) => !Object.hasOwn(existing, name))
  if (added.length === 0) return { text, added: [] }
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  const lines = (depth: number): string =>
    added
      .map(([name, command]) => `${indent.repeat(depth)}${JSON.stringify(name)}: ${JSON.stringify(command)}`)
      .join(`,${newline}`)
  const place = findObjects(text).scripts
  const extended =
    place === undefined
      ? insert(text, findObjects(text).root, {
          members: `${indent}"scripts": {${newline}${lines(2)}${newline}${indent}}`,
          closingIndent: '',
          newline,
        })
      : insert(text, place, { members: lines(2), closingIndent: indent, newline })
  return { text: extended, added: added.map(([name]) => name) }
}

/** Index of the last brace of an object, and of the character after its last member, if it has one. */
interface ObjectPlace {
  readonly close: number
  readonly lastMemberEnd: number | undefined
}

interface Insertion {
  readonly members: string
  readonly closingIndent: string
  readonly newline: string
}

function insert(
  text: string,
  { close, lastMemberEnd }: ObjectPlace,
  { members, closingIndent, newline }: Insertion,
): string {
  if (lastMemberEnd !== undefined) {
    const gap = text.slice(lastMemberEnd, close)
    // An object in one line gets its brace in a line of its own.
    const tail = gap.includes('\n') ? gap : `${newline}${closingIndent}`
    return `${text.slice(0, lastMemberEnd)},${newline}${members}${tail}${text.slice(close)}`
  }
  const open = text.lastIndexOf('{', close)
  return `${text.slice(0, open + 1)}${newline}${members}${newline}${closingIndent}${text.slice(close)}`
}

/** Finds the outermost object of a valid JSON text, and the object of its member `scripts`. */
function findObjects(text: string): { readonly root: ObjectPlace; readonly scripts?: ObjectPlace } {
  const placeAt = (close: number): ObjectPlace => {
    const before = text.slice(0, close).trimEnd()
    return { close, lastMemberEnd: before.endsWith('{') ? undefined : before.length }
  }
  let depth = 0
  let key: string | undefined
  let root = 0
  let scripts: ObjectPlace | undefined
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token.startsWith('"')) {
      if (depth === 1 && token.endsWith(':')) key = JSON.parse(token.replace(/\s*:$/, ''))
    } else if (token === '{' || token === '[') depth += 1
    else {
      depth -= 1
      if (depth === 1 && key === 'scripts') scripts = placeAt(index)
      if (depth === 0) root = index
    }
  }
  return { root: placeAt(root), ...(scripts === undefined ? {} : { scripts }) }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
