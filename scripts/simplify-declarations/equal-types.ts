import ts from 'typescript'
import { applyEdits, type Edit, readAliases, walk } from './aliases.ts'

/** The text of a type around its references to other types. */
interface Skeleton {
  readonly texts: readonly string[]
  readonly references: readonly ts.Identifier[]
}

/**
 * Declares types with the same structure once: a numbered type that a public one equals, and `FooWritable` that equals
 * `Foo`. Their names stay as aliases, but other types do not use them. Types are equal if their texts are, apart from
 * references to types that are equal themselves.
 */
export function mergeEqualTypes(text: string): string {
  const { source, byName } = readAliases(text)
  const skeletons = new Map([...byName].map(([name, alias]) => [name, skeletonOf(alias.type)]))
  const replacements = new Map<string, string>()
  for (const group of equalTypes(skeletons)) {
    const isPublic = (name: string): boolean => byName.get(name)?.modifiers !== undefined
    const publicNames = group.filter(isPublic)
    const numbered = group.filter((name) => !isPublic(name) && /\d$/.test(name))
    const kept = publicNames.length === 1 ? publicNames[0] : numbered[0]
    for (const name of numbered) if (kept !== undefined && name !== kept) replacements.set(name, kept)
    for (const name of publicNames) {
      const base = name.replace(/^Patched(?=.)|(?<=.)Writable$/, '')
      if (base !== name && publicNames.includes(base)) replacements.set(name, base)
    }
  }
  const resolve = (name: string): string => {
    const next = replacements.get(name)
    return next === undefined ? name : resolve(next)
  }
  const edits: Edit[] = []
  for (const [name, alias] of byName)
    if (replacements.has(name)) edits.push({ node: alias.type, text: resolve(name) })
  walk(source, (node) => {
    if (!ts.isTypeReferenceNode(node)) return
    const name = node.typeName.getText()
    if (replacements.has(name)) edits.push({ node: node.typeName, text: resolve(name) })
  })
  return applyEdits(source, edits)
}

/** Groups of types that are equal, by refining the groups until references to each group agree. */
function equalTypes(skeletons: ReadonlyMap<string, Skeleton>): string[][] {
  let groups = new Map([...skeletons.keys()].map((name) => [name, 0]))
  for (let count = 0; ; ) {
    const ids = new Map<string, number>()
    const next = new Map<string, number>()
    for (const [name, { texts, references }] of skeletons) {
      const targets = references.map(({ text }) => groups.get(text) ?? text)
      const key = JSON.stringify([texts, targets])
      const id = ids.get(key) ?? ids.size
      ids.set(key, id)
      next.set(name, id)
    }
    groups = next
    if (ids.size === count) break
    count = ids.size
  }
  const members = new Map<number, string[]>()
  for (const [name, group] of groups) members.set(group, [...(members.get(group) ?? []), name])
  return [...members.values()].filter(({ length }) => length > 1)
}

function skeletonOf(type: ts.TypeNode): Skeleton {
  const references: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) references.push(node.typeName)
  }
  visit(type)
  walk(type, visit)
  const source = type.getSourceFile().text
  const texts: string[] = []
  let start = type.getStart()
  for (const reference of references) {
    texts.push(source.slice(start, reference.getStart()))
    start = reference.end
  }
  return { texts: [...texts, source.slice(start, type.end)], references }
}
