import type { Change } from '../change.ts'
import type { QueryColumn } from './queries-lock.ts'
import { typescriptTypeOfColumn } from './row-type.ts'

/** A difference between the columns of two versions of a query. */
export interface ColumnChange extends Pick<Change, 'grade' | 'message'> {
  readonly column: string
}

/**
 * Compares the columns of a query. The grade is the effect on code that was written for `before`. The order of columns
 * has none: rows are objects.
 */
export function compareColumns(
  before: readonly QueryColumn[],
  after: readonly QueryColumn[],
): ColumnChange[] {
  const current = new Map(after.map((column) => [column.name, column.type]))
  const known = new Set(before.map(({ name }) => name))
  return [
    ...before.flatMap(({ name, type }): ColumnChange[] => {
      const now = current.get(name)
      if (now === undefined)
        return [{ column: name, grade: 'breaking', message: `Column "${name}" was removed.` }]
      return now === type ? [] : [compareTypes(name, type, now)]
    }),
    ...after
      .filter(({ name }) => !known.has(name))
      .map(
        ({ name }): ColumnChange => ({ column: name, grade: 'safe', message: `Column "${name}" is new.` }),
      ),
  ]
}

function compareTypes(column: string, before: string, after: string): ColumnChange {
  const message = `Column "${column}" changed from ${before} to ${after}.`
  const [was, is] = [typescriptTypeOfColumn(before), typescriptTypeOfColumn(after)]
  if (was === is || was === `${is} | null` || was === 'unknown') return { column, grade: 'safe', message }
  return { column, grade: is === `${was} | null` ? 'risky' : 'breaking', message }
}
