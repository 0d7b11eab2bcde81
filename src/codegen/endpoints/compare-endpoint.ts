import type { LockedContent, LockedVariable } from './lock.ts'

/** How much a change hurts: code that stops working, code that may, code that does not notice. */
export type Grade = 'breaking' | 'risky' | 'safe'

/** One difference between two states of an endpoint's types. */
export interface Difference {
  readonly grade: Grade
  readonly message: string
}

/** What code written for `before` meets in `after`. */
export function compareEndpoint(before: LockedContent, after: LockedContent): Difference[] {
  return [...compareKind(before, after), ...compareVariables(before, after), ...compareColumns(before, after)]
}

function* compareKind(before: LockedContent, after: LockedContent): Generator<Difference> {
  if (before.kind !== after.kind) {
    yield {
      grade: 'breaking',
      message: `The query is a ${after.kind} and was a ${before.kind}: rows are different.`,
    }
  }
  if (before.materialized !== after.materialized) {
    const message = after.materialized
      ? 'It is materialised now: every variable must be sent, and date-times come without a zone.'
      : 'It is not materialised any more: it runs its query, with the smaller rate limit of queries.'
    yield { grade: 'safe', message }
  }
}

function* compareVariables(before: LockedContent, after: LockedContent): Generator<Difference> {
  for (const [name, was] of Object.entries(before.variables)) {
    const is = own(after.variables, name)
    if (is === undefined) {
      yield { grade: 'breaking', message: `Variable "${name}" is gone: runs that send it answer 400.` }
      continue
    }
    if (is.type !== was.type) {
      yield { grade: 'breaking', message: `Variable "${name}" takes ${is.type} and took ${was.type}.` }
    }
    if (is.required && !was.required) {
      yield { grade: 'breaking', message: `Variable "${name}" is required now: runs without it answer 400.` }
    } else if (was.required && !is.required) {
      yield { grade: 'safe', message: `Variable "${name}" may be left out now.` }
    }
    if (was.nullable && !is.nullable && is.required === was.required) {
      yield { grade: 'risky', message: `Variable "${name}" does not take null any more.` }
    }
  }
  for (const [name, is] of Object.entries(after.variables)) {
    if (own(before.variables, name) !== undefined) continue
    yield is.required
      ? { grade: 'breaking', message: `Variable "${name}" is new and required: runs without it answer 400.` }
      : { grade: 'safe', message: `Variable "${name}" is new and may be left out.` }
  }
}

function* compareColumns(before: LockedContent, after: LockedContent): Generator<Difference> {
  const types = new Map(after.columns.map(({ name, type }) => [name, type]))
  const known = new Set(before.columns.map(({ name }) => name))
  // Columns that the server could not work out say nothing about the rows.
  if (after.columns.length === 0 || before.columns.length === 0) return
  for (const { name, type } of before.columns) {
    const now = types.get(name)
    if (now === undefined) yield { grade: 'breaking', message: `Column "${name}" is gone from the rows.` }
    else if (now !== type) yield { grade: 'breaking', message: `Column "${name}" is ${now} and was ${type}.` }
  }
  for (const { name } of after.columns) {
    if (!known.has(name)) yield { grade: 'safe', message: `Column "${name}" is new.` }
  }
}

const own = (variables: LockedContent['variables'], name: string): LockedVariable | undefined =>
  Object.hasOwn(variables, name) ? variables[name] : undefined
