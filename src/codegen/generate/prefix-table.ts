/** An operation and its class. */
export interface Classified {
  readonly method: string
  readonly path: string
  readonly value: string
}

/** The class of a path prefix, or of a method and full path. */
export type PrefixEntry = readonly [key: string, value: string]

interface Node {
  readonly children: Map<string, Node>
  readonly own: Classified[]
  readonly counts: Map<string, number>
}

/**
 * Compresses the classes of operations into a table of path prefixes. The longest matching prefix applies, an entry with
 * a method applies to that operation only, and an operation without a match has the fallback class.
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
  const value = mostCommonValue(node, inherited)
  if (value !== inherited) entries.push([path, value])
  for (const operation of node.own) {
    if (operation.value !== value) entries.push([`${operation.method} ${operation.path}`, operation.value])
  }
  for (const [segment, child] of node.children) visit(child, `${path}${segment}/`, value, entries)
}

/** The most common class below a node. A tie keeps the inherited class. */
function mostCommonValue({ counts }: Node, inherited: string): string {
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
