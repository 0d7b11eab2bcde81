import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { typeNamesIn } from '../src/codegen/generate/type-sources.ts'

/** A statement of a declaration file, with its doc comment. */
interface Declaration {
  readonly name: string
  readonly text: string
}

const startOfDeclaration = /^(?=(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*)?(?:export )?(?:type|interface) [\w$]+)/m
const declaredName = /^(?:export )?(?:type|interface) ([\w$]+)/m
const importedNames = /^(import|export)(?: type)? \{([^}]*)\} from '\.\/([^']+)\.js';$/gm
/** The bundler writes one when a declaration names nothing from a file. */
const sideEffect = /^import '\.\/[^']+\.js';\n/gm

/**
 * Appends a shared file of a folder to another one that it imports: each imported name would cost the compiler a symbol.
 *
 * @param from start of the name of the appended file, such as `operations.gen-`
 * @param into start of the name of the other file, the largest with it
 */
export async function mergeDeclarations(folder: string, from: string, into: string): Promise<void> {
  const texts = await readDeclarations(folder)
  const target = largest(texts, into)
  const source = largest(texts, from)
  const [sourceModule, targetModule] = [source, target].map((name) => name.replace(/\.d\.ts$/, ''))
  const added = (texts.get(source) ?? '').replace(importedNames, (statement, _, __, module) =>
    module === targetModule ? '' : statement,
  )
  await rm(join(folder, source))
  texts.delete(source)
  texts.set(target, `${texts.get(target)}${added}`.replace(/^export \{ *\};\n/gm, ''))
  for (const [name, text] of texts) {
    const renamed = text.replaceAll(`'./${sourceModule}.js'`, `'./${targetModule}.js'`)
    await writeFile(join(folder, name), renamed.replace(sideEffect, ''))
  }
}

/**
 * Moves the declarations that only some entries need from a shared file of a folder into a file of their own, so that
 * other programs do not read them.
 *
 * @param shared start of the name of the shared file, such as `types.gen-`
 * @param entries the entries that need all of it, such as `api`
 */
export async function splitDeclarations(
  folder: string,
  shared: string,
  entries: readonly string[],
): Promise<void> {
  const texts = await readDeclarations(folder)
  const file = largest(texts, shared)
  const whole = (texts.get(file) ?? '').replace(/^export \{ *\};\n$/m, '')
  const [head = '', ...parts] = whole.split(startOfDeclaration)
  const declarations = parts.map((text): Declaration => ({ name: declaredName.exec(text)?.[1] ?? '', text }))
  const module = file.replace(/\.d\.ts$/, '')
  const others = [...texts].filter(([name]) => name !== file && !entries.includes(name.replace('.d.ts', '')))
  const needed = reachable(
    declarations,
    others.flatMap(([, text]) => namesFrom(text, module)),
  )
  const kept = declarations.filter(({ name }) => needed.has(name))
  const moved = declarations.filter(({ name }) => !needed.has(name))
  const target = `${entries[0]}.gen-${module.slice(shared.length)}`
  const used = new Set(moved.flatMap(({ text }) => typeNamesIn(text)).filter((name) => needed.has(name)))
  const exported = kept.map(({ name, text }) => (used.has(name) ? exportedText(text) : text))
  await writeFile(join(folder, file), `${head}${exported.join('')}export {};\n`)
  await writeFile(
    join(folder, `${target}.d.ts`),
    `import { ${[...used].join(', ')} } from './${module}.js';\n${moved.map(({ text }) => text).join('')}export {};\n`,
  )
  for (const entry of entries) {
    const path = join(folder, `${entry}.d.ts`)
    const text = (texts.get(`${entry}.d.ts`) ?? '').replace(
      importedNames,
      (statement, keyword, list: string, from) => {
        if (from !== module) return statement
        const names = specifiers(list)
        const [stay, go] = [true, false].map((isNeeded) =>
          names.filter((name) => needed.has(originalName(name)) === isNeeded).join(', '),
        )
        return `${keyword} { ${stay} } from './${module}.js';\n${keyword} { ${go} } from './${target}.js';`
      },
    )
    await writeFile(path, text)
  }
}

/** Reads the declaration files of a folder. */
export async function readDeclarations(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.d.ts'))
  const texts = new Map<string, string>()
  for (const file of files) texts.set(file, await readFile(join(folder, file), 'utf8'))
  return texts
}

/** The other file needs types that no entry exports. */
const exportedText = (text: string): string => text.replace(/^(?:type|interface) /m, 'export $&')

/** The names that the given ones need, themselves included. */
function reachable(declarations: readonly Declaration[], roots: readonly string[]): ReadonlySet<string> {
  const texts = new Map(declarations.map(({ name, text }) => [name, text]))
  const found = new Set<string>()
  const open = [...roots]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const text = texts.get(name)
    if (text === undefined || found.has(name)) continue
    found.add(name)
    open.push(...typeNamesIn(text))
  }
  return found
}

function namesFrom(text: string, module: string): string[] {
  return [...text.matchAll(importedNames)].flatMap(([, , list = '', from]) => {
    return from === module ? specifiers(list).map(originalName) : []
  })
}

/** The name of the largest file whose name has this start. */
export function largest(texts: ReadonlyMap<string, string>, start: string): string {
  const files = [...texts].filter(([name]) => name.startsWith(start))
  return files.reduce((a, b) => (b[1].length > a[1].length ? b : a))[0]
}

const specifiers = (list: string): string[] => list.split(',').map((name) => name.trim())
const originalName = (specifier: string): string => specifier.replace(/^type /, '').replace(/ as .*/, '')
