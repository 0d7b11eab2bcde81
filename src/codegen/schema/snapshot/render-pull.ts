import type { PullReport } from './pull-schema.ts'

/** A pull as text: what came, what each rule did, and what was written. */
export function renderPull({ lock, warnings, rules }: PullReport): string {
  const width = Math.max(...rules.map(({ rule }) => rule.length))
  const table = rules.map(({ rule, changed }) => `  ${rule.padEnd(width)}  ${String(changed).padStart(7)}`)
  const { paths, operations, schemas, bytes } = lock.snapshot
  return [
    `${lock.source}, ${lock.day}, ${lock.bytes} bytes, sha256 ${lock.sha256.slice(0, 12)}`,
    '',
    `  ${'rule'.padEnd(width)}  changed`,
    ...table,
    '',
    `${warnings.length} warnings${warningCounts(warnings)}`,
    `${Object.keys(lock.overlays).length} overlays apply`,
    `${paths} paths, ${operations} operations, ${schemas} schemas in ${bytes} bytes`,
  ].join('\n')
}

function warningCounts(warnings: PullReport['warnings']): string {
  const counts = new Map<string, number>()
  for (const { code } of warnings) counts.set(code, (counts.get(code) ?? 0) + 1)
  if (counts.size === 0) return ''
  return `: ${[...counts].map(([code, count]) => `${count} ${code}`).join(', ')}`
}
