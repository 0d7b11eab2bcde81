/** A name and the module it stands in. */
export interface NamedImport {
  readonly name: string
  readonly from: string
}

/** Import lines, one per module, modules and names sorted. */
export function importLines(imports: readonly NamedImport[], kind: 'type' | 'value'): string {
  return lines(imports, kind === 'type' ? 'import type' : 'import')
}

/** Export-from lines, one per module, modules and names sorted. */
export function exportLines(exports: readonly NamedImport[], kind: 'type' | 'value'): string {
  return lines(exports, kind === 'type' ? 'export type' : 'export')
}

function lines(entries: readonly NamedImport[], keyword: string): string {
  const byModule = new Map<string, Set<string>>()
  for (const { name, from } of entries) {
    const names = byModule.get(from) ?? new Set<string>()
    byModule.set(from, names.add(name))
  }
  return [...byModule]
    .sort(([a], [b]) => compare(a, b))
    .map(
      ([from, names]) =>
        `${keyword} {\n${[...names]
          .sort(compare)
          .map((name) => `  ${name},\n`)
          .join('')}} from '${from}'`,
    )
    .join('\n')
}

/** Order by code unit, which no locale changes. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
