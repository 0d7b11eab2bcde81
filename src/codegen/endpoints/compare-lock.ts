import { type Change, type Grade, gradeRank } from '../change.ts'
import { byCodeUnit } from '../source-text.ts'
import type { EndpointDescription } from './describe-endpoint.ts'
import {
  contentOf,
  type EndpointsLock,
  type LockedContent,
  type LockedEndpoint,
  type LockedVariable,
} from './lock.ts'

/** The current state of an endpoint on the server. */
export interface CurrentEndpoint {
  /** The pinned version; undefined when it no longer exists. */
  readonly pinned: EndpointDescription | undefined
  /** Why the pinned version cannot run. Absent when it can. */
  readonly pinnedProblem?: 'deleted' | 'inactive'
  readonly latest: EndpointDescription
}

const pullFix = 'Run `typehog endpoints pull` and fix the compiler errors.'

/** Compares a lock with the server. Changes are sorted by endpoint, then by grade. */
export function compareLock(lock: EndpointsLock, current: ReadonlyMap<string, CurrentEndpoint>): Change[] {
  const names = [...new Set([...Object.keys(lock.endpoints), ...current.keys()])].sort(byCodeUnit)
  return names.flatMap((name) => {
    const locked = Object.hasOwn(lock.endpoints, name) ? lock.endpoints[name] : undefined
    const changes = compareLocked(locked, current.get(name)).map((change) => ({ subject: name, ...change }))
    return changes.sort((a, b) => gradeRank[a.grade] - gradeRank[b.grade])
  })
}

function compareLocked(
  locked: LockedEndpoint | undefined,
  now: CurrentEndpoint | undefined,
): Omit<Change, 'subject'>[] {
  if (locked === undefined)
    return [{ grade: 'safe', message: 'The endpoint is new and not in the generated module.', fix: pullFix }]
  if (now === undefined) {
    const fix = 'Restore the endpoint, or remove its calls and pull again.'
    return [{ grade: 'breaking', message: 'The endpoint was deleted: its runs fail with 404.', fix }]
  }
  const { pinned, pinnedProblem, latest } = now
  const changes: Omit<Change, 'subject'>[] = []
  if (pinned === undefined || pinnedProblem !== undefined) {
    const problem = pinnedProblem ?? 'deleted'
    const message = `Version ${locked.version} is ${problem}: its runs fail. The latest version is ${latest.version}.`
    changes.push({ grade: 'breaking', message, fix: pullFix })
  }
  if (pinned !== undefined) {
    for (const { grade, message } of compareContents(locked, contentOf(pinned))) {
      changes.push({ grade, message, ...(grade === 'safe' ? {} : { fix: pullFix }) })
    }
  }
  if (latest.version > locked.version) {
    const differences = compareContents({ ...locked, version: latest.version }, contentOf(latest))
    changes.push({
      grade: 'risky',
      message: newerVersionMessage(locked.version, latest.version, differences),
      fix: pullFix,
    })
  }
  return changes
}

function newerVersionMessage(pinned: number, latest: number, differences: readonly Difference[]): string {
  const summary =
    differences.length === 0
      ? 'variables and columns are unchanged'
      : differences.map(({ message }) => message).join(' ')
  return `Version ${latest} is available; version ${pinned} stays pinned. Changes: ${summary}${summary.endsWith('.') ? '' : '.'}`
}

/** A difference between two versions of an endpoint's types. */
export interface Difference {
  readonly grade: Grade
  readonly message: string
}

/** Compares two versions of an endpoint. The grade is the effect on code that was written for `before`. */
export function compareContents(before: LockedContent, after: LockedContent): Difference[] {
  return [...compareKind(before, after), ...compareVariables(before, after), ...compareColumns(before, after)]
}

function* compareKind(before: LockedContent, after: LockedContent): Generator<Difference> {
  if (before.kind !== after.kind) {
    yield {
      grade: 'breaking',
      message: `The query kind changed from ${before.kind} to ${after.kind}: the rows are different.`,
    }
  }
  if (before.materialized !== after.materialized) {
    const message = after.materialized
      ? 'It is now materialized: all variables are required, and date-times have no time zone.'
      : 'It is no longer materialized: it runs its query, with the lower rate limit of queries.'
    yield { grade: 'safe', message }
  }
}

function* compareVariables(before: LockedContent, after: LockedContent): Generator<Difference> {
  for (const [name, previous] of Object.entries(before.variables)) {
    const current = own(after.variables, name)
    if (current === undefined) {
      yield { grade: 'breaking', message: `Variable "${name}" was removed: runs that send it fail with 400.` }
      continue
    }
    if (current.type !== previous.type) {
      const message = `Variable "${name}" changed from ${previous.type} to ${current.type}.`
      yield { grade: 'breaking', message }
    }
    if (current.required && !previous.required) {
      yield {
        grade: 'breaking',
        message: `Variable "${name}" is now required: runs without it fail with 400.`,
      }
    } else if (previous.required && !current.required) {
      yield { grade: 'safe', message: `Variable "${name}" is now optional.` }
    }
    if (previous.nullable && !current.nullable && current.required === previous.required) {
      yield { grade: 'risky', message: `Variable "${name}" no longer accepts null.` }
    }
  }
  for (const [name, variable] of Object.entries(after.variables)) {
    if (own(before.variables, name) !== undefined) continue
    yield variable.required
      ? {
          grade: 'breaking',
          message: `Variable "${name}" is new and required: runs without it fail with 400.`,
        }
      : { grade: 'safe', message: `Variable "${name}" is new and optional.` }
  }
}

function* compareColumns(before: LockedContent, after: LockedContent): Generator<Difference> {
  const types = new Map(after.columns.map(({ name, type }) => [name, type]))
  const known = new Set(before.columns.map(({ name }) => name))
  // An empty list means that the server could not infer the columns.
  if (after.columns.length === 0 || before.columns.length === 0) return
  for (const { name, type } of before.columns) {
    const current = types.get(name)
    if (current === undefined) yield { grade: 'breaking', message: `Column "${name}" was removed.` }
    else if (current !== type)
      yield { grade: 'breaking', message: `Column "${name}" changed from ${type} to ${current}.` }
  }
  for (const { name } of after.columns) {
    if (!known.has(name)) yield { grade: 'safe', message: `Column "${name}" is new.` }
  }
}

const own = (variables: LockedContent['variables'], name: string): LockedVariable | undefined =>
  Object.hasOwn(variables, name) ? variables[name] : undefined
