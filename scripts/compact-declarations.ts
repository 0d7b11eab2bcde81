import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is imported or exported: `type name as alias`. */
interface Specifier {
  readonly type: string
  readonly name: string
  readonly alias: string
}

/** Declarations that several entries share. */
const shared = /-[\w-]{8}\.d\.c?ts$/
const exportList = /^export (?:type )?\{([^}]*)\};?$/m
const fromOther = /^(import|export)( type)? \{([^}]*)\} from '\.\/([^']+)\.(c?js)';$/gm
const declared = /^(?:declare )?(?:abstract )?(?:type|interface|class|const|function) ([\w$]+)/gm

/**
 * Rewrites the declarations of a folder so that they say the same in fewer words. The bundler exports thousands of
 * types from a shared file under short names, in one list at its end, and whoever takes them names each of them twice:
 * here they are exported where they are declared, under their own names.
 */
export async function compactDeclarations(folder: string): Promise<void> {
  const texts = new Map<string, string>()
  for (const file of await readdir(folder)) {
    if (/\.d\.c?ts$/.test(file)) texts.set(file, await readFile(join(folder, file), 'utf8'))
  }
  const ownNames = new Map<string, ReadonlyMap<string, string>>()
  for (const [file, text] of texts) {
    if (!shared.test(file)) continue
    const { compact, names } = exportInPlace(text)
    texts.set(file, compact)
    ownNames.set(file, names)
  }
  for (const [file, text] of texts) {
    const compact = text.replace(fromOther, (whole, keyword, type = '', list, from, extension) => {
      const names = ownNames.get(`${from}.d.${extension === 'cjs' ? 'cts' : 'ts'}`)
      if (names === undefined) return whole
      const items = specifiers(list).map((item) =>
        written({ ...item, name: names.get(item.name) ?? item.name }),
      )
      return `${keyword}${type} { ${items.join(', ')} } from './${from}.${extension}';`
    })
    await writeFile(join(folder, file), compact)
  }
}

/** Exports what a file declares where it declares it, and tells its own name for each that was exported. */
function exportInPlace(text: string): { compact: string; names: Map<string, string> } {
  const [whole, list] = exportList.exec(text) ?? []
  if (whole === undefined || list === undefined) return { compact: text, names: new Map() }
  const exported = specifiers(list)
  const local = new Set(exported.map(({ name }) => name))
  const here = new Set<string>()
  const compact = text.replace(whole, '').replace(declared, (head, name) => {
    if (!local.has(name)) return head
    here.add(name)
    return `export ${head}`
  })
  const others = exported.filter(({ name }) => !here.has(name)).map(written)
  const names = exported.filter(({ name }) => here.has(name)).map(({ name, alias }) => [alias, name] as const)
  // Without any list, everything in a file of declarations would be exported.
  return { compact: `${compact.trimEnd()}\nexport { ${others.join(', ')} };\n`, names: new Map(names) }
}

function specifiers(list: string): Specifier[] {
  return list.split(',').map((item) => {
    const [, type = '', name = '', alias = name] =
      /^\s*(type )?([\w$]+)(?: as ([\w$]+))?\s*$/.exec(item) ?? []
    if (name === '') throw new Error(`"${item}" is no export.`)
    return { type, name, alias }
  })
}

function written({ type, name, alias }: Specifier): string {
  return name === alias ? `${type}${name}` : `${type}${name} as ${alias}`
}
