import type { HttpMethod } from '../document.ts'
import { longerNames, operationName } from './operation-name.ts'
import { parseRoute } from './route.ts'

/** A method and a path. */
export interface Routed {
  readonly path: string
  readonly method: HttpMethod
}

/**
 * Gives every route of a document a name that no other route has. A route whose name nobody else claims keeps it;
 * among routes that claim the same one, the route with the fewest parameters keeps it and the others take a longer
 * form. The order of the input does not matter.
 *
 * @returns Names in the order of the input.
 */
export function assignNames(routes: readonly Routed[]): string[] {
  const ranked = routes.map((route, index) => ({
    ...route,
    index,
    name: operationName(route.method, route.path),
    rank: parseRoute(route.path).parameters.length,
  }))
  ranked.sort((a, b) => a.rank - b.rank || compare(a.path, b.path) || compare(a.method, b.method))

  const claims = new Map<string, number>()
  for (const { name } of ranked) claims.set(name, (claims.get(name) ?? 0) + 1)
  const names = new Array<string>(routes.length)
  const taken = new Set<string>()
  const take = (index: number, name: string): void => {
    names[index] = name
    taken.add(name)
  }
  for (const { index, name } of ranked) if (claims.get(name) === 1) take(index, name)
  for (const { index, name, path, method } of ranked) {
    if (names[index] !== undefined) continue
    const candidates = [name, ...longerNames(method, path)]
    take(index, candidates.find((candidate) => !taken.has(candidate)) ?? withLetter(candidates, taken))
  }
  return names
}

/** Last resort: routes that differ in punctuation alone get a letter, `A` for the second one. */
function withLetter(candidates: readonly string[], taken: ReadonlySet<string>): string {
  let name = `${candidates.at(-1) ?? ''}A`
  while (taken.has(name)) name = `${name}A`
  return name
}

/** Order by code unit, which no locale changes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
