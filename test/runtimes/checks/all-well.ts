import { expect } from 'vitest'
import type { Printed } from '../run-program.ts'
import { checks } from '../smoke/checks.ts'

/** Milliseconds that a program may go on after its last line: none of the client's timers keeps it. */
const longest = 2_000

/** What the suite prints when nothing is wrong. */
export const allWell: readonly string[] = Object.keys(checks).map((name) => `${name}: ok`)

/** A program printed that every check went well, complained about nothing and ended by itself. */
export function expectAllWell({ lines, complaints, lingered }: Printed): void {
  expect(lines).toEqual(allWell)
  expect(complaints).toBe('')
  expect(lingered).toBeLessThan(longest)
}
