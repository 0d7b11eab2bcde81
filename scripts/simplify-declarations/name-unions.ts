import ts from 'typescript'
import { pascalCase, wordsOf } from '../../src/codegen/schema/naming/words.ts'
import { byCodeUnit } from '../../src/codegen/source-text.ts'
import { type Aliases, applyEdits, type Edit, readAliases, walk } from './aliases.ts'

/** Shorter unions are easier to read in place. */
const minMembers = 6

/** A union without `null`, with its uses. */
interface LongUnion {
  readonly members: string
  readonly nodes: ts.UnionTypeNode[]
  /** Types that are this union. */
  readonly known: string[]
  /** Names of types with the property that has this union. */
  readonly names: string[]
}

/**
 * Gives names to long unions. A union that a type has under a name gets that name. Others that several properties have
 * are named by the one with the shortest name: `EventsNodeProperties`.
 */
export function nameUnions(text: string): string {
  const { source, byName } = readAliases(text)
  const edits: Edit[] = []
  let declarations = ''
  for (const { members, nodes, known, names } of unionsOf(byName)) {
    const own = known.length === 1 ? known[0] : undefined
    const derived = names.sort(shortest).find((name) => !byName.has(name))
    const name = own ?? (nodes.length > 1 ? derived : undefined)
    if (name === undefined) continue
    if (name !== own) declarations += `type ${name} = ${members};\n`
    for (const node of nodes) edits.push({ node, text: hasNull(node) ? `${name} | null` : name })
  }
  return applyEdits(source, edits) + declarations
}

function unionsOf(byName: Aliases['byName']): Iterable<LongUnion> {
  const unions = new Map<string, LongUnion>()
  const find = (union: ts.UnionTypeNode): LongUnion => {
    const members = membersOf(union)
    const key = [...members].sort().join(' | ')
    const found = unions.get(key) ?? { members: members.join(' | '), nodes: [], known: [], names: [] }
    unions.set(key, found)
    return found
  }
  const isLong = (node: ts.Node): node is ts.UnionTypeNode =>
    ts.isUnionTypeNode(node) && membersOf(node).length >= minMembers
  for (const [name, { type }] of byName) {
    if (isLong(type) && !hasNull(type)) find(type).known.push(name)
    walk(type, (node) => {
      if (!isLong(node)) return
      const { nodes, names } = find(node)
      nodes.push(node)
      const property = ts.findAncestor(node, ts.isPropertySignature)
      if (property !== undefined) names.push(name + pascalCase(wordsOf(property.name.getText())))
    })
  }
  return unions.values()
}

/** Numbered names come last: they change between releases of PostHog. */
const shortest = (a: string, b: string): number =>
  Number(/\d/.test(a)) - Number(/\d/.test(b)) || a.length - b.length || byCodeUnit(a, b)
const isNull = (node: ts.TypeNode): boolean => node.getText() === 'null'
const hasNull = (union: ts.UnionTypeNode): boolean => union.types.some(isNull)
/** The members of a union without `null`. */
const membersOf = (union: ts.UnionTypeNode): string[] =>
  union.types.filter((type) => !isNull(type)).map((type) => type.getText())
