import type { Direction, Grade } from './schema-change.ts'

/** A kind of change to a schema, by its effect on the set of values. */
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
  | 'type-told'
  | 'format-changed'

const grades: Readonly<Record<ChangeKind, Readonly<Record<Direction, Grade>>>> = {
  'property-removed': { request: 'breaking', response: 'breaking' },
  'property-added': { request: 'safe', response: 'safe' },
  'became-required': { request: 'breaking', response: 'safe' },
  // Types get wider, and code that relied on the value may meet its absence; most of it never will.
  'became-optional': { request: 'safe', response: 'risky' },
  'became-nullable': { request: 'safe', response: 'risky' },
  'stopped-nullable': { request: 'breaking', response: 'safe' },
  'type-changed': { request: 'breaking', response: 'breaking' },
  // Typehog's enum types are open, so a new value compiles, but a switch over the old ones falls through.
  'values-added': { request: 'safe', response: 'risky' },
  'values-removed': { request: 'breaking', response: 'safe' },
  'member-added': { request: 'safe', response: 'risky' },
  'member-removed': { request: 'breaking', response: 'safe' },
  opened: { request: 'safe', response: 'safe' },
  // Keys beyond the described ones are refused from now on, or no longer come.
  closed: { request: 'breaking', response: 'safe' },
  'type-lost': { request: 'safe', response: 'breaking' },
  'type-told': { request: 'risky', response: 'safe' },
  'format-changed': { request: 'risky', response: 'risky' },
}

/** Grades a change to a schema by the way its values travel. */
export function gradeChange(kind: ChangeKind, direction: Direction): Grade {
  return grades[kind][direction]
}
