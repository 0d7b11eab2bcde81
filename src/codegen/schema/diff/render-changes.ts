import type { Grade, SchemaChange } from './schema-change.ts'

/** How many changes have each grade. */
export function countGrades(changes: readonly SchemaChange[]): Record<Grade, number> {
  const counts: Record<Grade, number> = { breaking: 0, risky: 0, safe: 0 }
  for (const { grade } of changes) counts[grade] += 1
  return counts
}

/** Changes as lines of text, each with its grade, place and what happened, and the counts below. */
export function renderChanges(changes: readonly SchemaChange[]): string {
  const lines = changes.map(({ grade, pointer, operation, message }) => {
    const subject = pointer.startsWith('/components/') ? pointer : (operation ?? pointer)
    const place = operation !== undefined && subject === operation ? placeIn(pointer) : ''
    return `${grade.padEnd(8)}  ${subject}${place === '' ? '' : ` ${place}`}: ${message}`
  })
  const { breaking, risky, safe } = countGrades(changes)
  return [...lines, `${breaking} breaking, ${risky} risky, ${safe} safe`].join('\n')
}

/** The part of a pointer that lies inside its operation. */
function placeIn(pointer: string): string {
  return pointer.split('/').slice(4).join('/')
}
