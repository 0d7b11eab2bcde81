import type { ValueKind, ValuePlace } from './command-line.ts'

/** Quotes a text for bash and zsh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Groups places by the kind of their value, in the order of the first of each. */
export function groupByValue(places: readonly ValuePlace[]): (readonly [ValueKind, readonly ValuePlace[]])[] {
  const groups = new Map<string, [ValueKind, ValuePlace[]]>()
  for (const place of places) {
    const key = String(place.value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [place.value, [place]])
    else group[1].push(place)
  }
  return [...groups.values()]
}
