import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** An import or export specifier: `type name as alias`. */
interface Specifier {
  readonly type: string
  readonly name: string
  readonly alias: string
}

/** File names of declarations that several entries share. */
const sharedFile = /-[\w-]{8}\.d\.c?ts$/
const exportList = /^export (?:type )?\{([^}]*)\};?$/m
const relativeImport = /^(import|export)( type)? \{([^}]*)\} from '\.\/([^']+)\.(c?js)';$/gm
const relativeFile = /(from |import\()'(\.\/[^']+)\.js'/g
const declaration = /^(?:declare )?(?:abstract )?(?:type|interface|class|const|function) ([\w$]+)/gm

/**
 * Makes the declarations of a folder smaller without changing their meaning. The bundler exports thousands of types
 * from a shared file in one list at its end, under short aliases, and each importer maps the aliases back. This
 * function exports the types in place, under their own names.
 */
export async function compactDeclarations(folder: string): Promise<void> {
  const texts = new Map<string, string>()
  for (const file of await readdir(folder)) {
    if (/\.d\.c?ts$/.test(file)) texts.set(file, await readFile(join(folder, file), 'utf8'))
  }
  const ownNames = new Map<string, ReadonlyMap<string, string>>()
  for (const [file, text] of texts) {
    if (!sharedFile.test(file)) continue
    const { compact, names } = exportInPlace(text)
    texts.set(file, compact)
    ownNames.set(file, names)
  }
  for (const [file, text] of texts) {
    const compact = text.replace(relativeImport, (statement, keyword, type = '', list, from, extension) => {
      const names = ownNames.get(`${from}.d.${extension === 'cjs' ? 'cts' : 'ts'}`)
      if (names === undefined) return statement
      const items = specifiers(list).map((item) =>
        specifierText({ ...item, name: names.get(item.name) ?? item.name }),
      )
      return `${keyword}${type} { ${items.join(', ')} } from './${from}.${extension}';`
    })
    await writeFile(join(folder, file), compact)
  }
}

/**
 * Moves the declarations of a folder into `.d.cts` files, which `.d.ts` files export again, so that the package contains
 * them once. An ES module may import a CommonJS one, but not the reverse. zod does the same.
 */
export async function shareDeclarations(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.d.ts')) continue
    const path = join(folder, file)
    const commonJs = (await readFile(path, 'utf8'))
      .replace(relativeFile, "$1'$2.cjs'")
      // One space a level.
      .replace(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 4))
    await writeFile(path.replace(/ts$/, 'cts'), commonJs)
    if (sharedFile.test(file)) await rm(path)
    else await writeFile(path, `export * from './${file.replace(/\.d\.ts$/, '')}.cjs';\n`)
  }
}

/** Replaces the export list with `export` at each declaration. Returns the declared names by their exported alias. */
function exportInPlace(text: string): { compact: string; names: Map<string, string> } {
  const [statement, list] = exportList.exec(text) ?? []
  if (statement === undefined || list === undefined) return { compact: text, names: new Map() }
  const exported = specifiers(list)
  const local = new Set(exported.map(({ name }) => name))
  const inPlace = new Set<string>()
  const compact = text.replace(statement, '').replace(declaration, (head, name) => {
    if (!local.has(name)) return head
    inPlace.add(name)
    return `export ${head}`
  })
  const others = exported.filter(({ name }) => !inPlace.has(name)).map(specifierText)
  const names = exported
    .filter(({ name }) => inPlace.has(name))
    .map(({ name, alias }) => [alias, name] as const)
  // A declaration file without an export list exports everything.
  return { compact: `${compact.trimEnd()}\nexport { ${others.join(', ')} };\n`, names: new Map(names) }
}

function specifiers(list: string): Specifier[] {
  return list.split(',').map((item) => {
    const [, type = '', name = '', alias = name] =
      /^\s*(type )?([\w$]+)(?: as ([\w$]+))?\s*$/.exec(item) ?? []
    if (name === '') throw new Error(`"${item}" is not an export specifier.`)
    return { type, name, alias }
  })
}

function specifierText({ type, name, alias }: Specifier): string {
  return name === alias ? `${type}${name}` : `${type}${name} as ${alias}`
}
