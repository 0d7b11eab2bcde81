import { countGrades, type Grade } from '../../change.ts'

/** One difference between two documents. */
export interface SchemaChange {
  readonly grade: Grade
  /** JSON pointer into the newer document, or into the older one for a removal. */
  readonly pointer: string
  /** The first affected operation, such as `GET /api/…`. */
  readonly operation?: string
  readonly message: string
}

/** The direction of a value. Accepting more is safe in a request, returning less is safe in a response. */
export type Direction = 'request' | 'response'

/** A kind of schema change. */
export type ChangeKind =
  | 'property-removed'
  | 'property-added'
  | 'became-required'
  | 'became-optional'
  | 'became-nullable'
  | 'stopped-nullable'
  | 'type-changed'
  | 'values-added'
  | 'values-removed'
  | 'member-added'
  | 'member-removed'
  | 'opened'
  | 'closed'
  | 'type-lost'
  | 'type-described'
  | 'format-changed'

const grades: Readonly<Record<ChangeKind, Readonly<Record<Direction, Grade>>>> = {
  'property-removed': { request: 'breaking', response: 'breaking' },
  'property-added': { request: 'safe', response: 'safe' },
  'became-required': { request: 'breaking', response: 'safe' },
  // Risky and not breaking: the type gets wider, but the value is rarely absent in practice.
  'became-optional': { request: 'safe', response: 'risky' },
  'became-nullable': { request: 'safe', response: 'risky' },
  'stopped-nullable': { request: 'breaking', response: 'safe' },
  'type-changed': { request: 'breaking', response: 'breaking' },
  // Typehog's enum types are open: a new value compiles, but a switch over the known values falls through.
  'values-added': { request: 'safe', response: 'risky' },
  'values-removed': { request: 'breaking', response: 'safe' },
  'member-added': { request: 'safe', response: 'risky' },
  'member-removed': { request: 'breaking', response: 'safe' },
  opened: { request: 'safe', response: 'safe' },
  // The server now rejects additional keys, or no longer returns them.
  closed: { request: 'breaking', response: 'safe' },
  'type-lost': { request: 'safe', response: 'breaking' },
  'type-described': { request: 'risky', response: 'safe' },
  'format-changed': { request: 'risky', response: 'risky' },
}

/** Grades a schema change by the direction of its values. */
export function gradeChange(kind: ChangeKind, direction: Direction): Grade {
  return grades[kind][direction]
}

/** Renders changes, one per line with grade, place and message, followed by the counts. */
export function renderChanges(changes: readonly SchemaChange[]): string {
  const lines = changes.map(({ grade, pointer, operation, message }) => {
    const subject = pointer.startsWith('/components/') ? pointer : (operation ?? pointer)
    const place = operation !== undefined && subject === operation ? placeIn(pointer) : ''
    return `${grade.padEnd(8)}  ${subject}${place === '' ? '' : ` ${place}`}: ${message}`
  })
  const { breaking, risky, safe } = countGrades(changes)
  return [...lines, `${breaking} breaking, ${risky} risky, ${safe} safe`].join('\n')
}

/** Returns the part of a pointer below its operation. */
function placeIn(pointer: string): string {
  return pointer.split('/').slice(4).join('/')
}
