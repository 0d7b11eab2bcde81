/** One operation and the class that it belongs to. */
export interface Classified {
  readonly method: string
  readonly path: string
  readonly value: string
}

/** A class by the beginning of a path, or by a method and a whole path. */
export type PrefixEntry = readonly [place: string, value: string]

interface Node {
  readonly children: Map<string, Node>
  readonly own: Classified[]
  readonly counts: Map<string, number>
}

/**
 * Says which class each operation belongs to in as few lines as paths allow: the longest beginning of a path that is
 * listed decides, and a line with a method decides for that operation alone. What no line reaches has the fallback.
 */
export function prefixTable(operations: readonly Classified[], fallback: string): PrefixEntry[] {
  const root = emptyNode()
  for (const operation of operations) {
    let node = root
    add(node, operation.value)
    for (const segment of operation.path.split('/').filter(Boolean)) {
      const child = node.children.get(segment) ?? emptyNode()
      node.children.set(segment, child)
      node = child
      add(node, operation.value)
    }
    node.own.push(operation)
  }
  const entries: PrefixEntry[] = []
  visit(root, '/', fallback, entries)
  return entries
}

function visit(node: Node, path: string, inherited: string, entries: PrefixEntry[]): void {
  const value = commonest(node, inherited)
  if (value !== inherited) entries.push([path, value])
  for (const operation of node.own) {
    if (operation.value !== value) entries.push([`${operation.method} ${operation.path}`, operation.value])
  }
  for (const [segment, child] of node.children) visit(child, `${path}${segment}/`, value, entries)
}

/** The class that most operations below have; the inherited one when it is as common. */
function commonest({ counts }: Node, inherited: string): string {
  let best = inherited
  for (const [value, count] of counts) if (count > (counts.get(best) ?? 0)) best = value
  return best
}

function emptyNode(): Node {
  return { children: new Map(), own: [], counts: new Map() }
}

function add({ counts }: Node, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}
