/** The source of each generated type, without its name: `{\n    id: number;\n}`. */
export type TypeSources = ReadonlyMap<string, string>

/** A property of an object type. */
export interface Member {
  readonly name: string
  readonly optional: boolean
  readonly type: string
}

/** One `export type Name = …;` of the generator. */
const declaration = /^export type ([\w$]+) = ([\s\S]*?);\n(?=\n|$)/gm
/** A property of an object type whose braces are not indented. Deeper ones and doc comments have more spaces. */
const member = /^ {4}(?:readonly )?([\w$]+|'(?:[^'\\\n]|\\.)+')(\??): ([\s\S]*?);$(?=\n {4}[\w$'/[]|\n\})/gm
const comments = /\/\*\*[\s\S]*?\*\//g
const strings = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g
/** An identifier that is neither a property nor a parameter. */
const typeName = /(?<![\w$.])[A-Za-z_$][\w$]*(?![\w$]*\??:)/g

/** Reads the types of a generated file. */
export function typeSources(text: string): TypeSources {
  return new Map([...text.matchAll(declaration)].map(([, name = '', source = '']) => [name, source]))
}

/** The properties of an object type; none for any other type. */
export function membersOf(source: string): readonly Member[] {
  if (!source.startsWith('{\n')) return []
  return [...source.matchAll(member)].map(([, name = '', mark, type = '']) => ({
    name,
    optional: mark === '?',
    type: type.replace(/^ {4}/gm, ''),
  }))
}

/** The names of types in a source. */
export function typeNamesIn(source: string): readonly string[] {
  return source.replace(comments, '').replace(strings, '').match(typeName) ?? []
}
