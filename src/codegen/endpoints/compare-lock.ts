import { compareEndpoint, type Difference, type Grade } from './compare-endpoint.ts'
import type { EndpointDescription } from './describe-endpoint.ts'
import { byCodeUnit } from './identifier.ts'
import { contentOf, type EndpointsLock, type LockedEndpoint } from './lock.ts'

/** Something that is different on the server. */
export interface Change {
  readonly endpoint: string
  readonly grade: Grade
  readonly message: string
  readonly fix?: string
}

/** An endpoint as the server describes it now. */
export interface CurrentEndpoint {
  /** The pinned version; undefined when it is gone. */
  readonly pinned: EndpointDescription | undefined
  /** Why the pinned version does not run, when it does not. */
  readonly pinnedProblem?: 'gone' | 'inactive'
  readonly latest: EndpointDescription
}

const pull = 'Run `typehog endpoints pull`, then let the compiler show what to change.'

/** What changed since a lock was written, worst first within each endpoint. */
export function compareLock(lock: EndpointsLock, current: ReadonlyMap<string, CurrentEndpoint>): Change[] {
  const names = [...new Set([...Object.keys(lock.endpoints), ...current.keys()])].sort(byCodeUnit)
  return names.flatMap((name) => {
    const locked = Object.hasOwn(lock.endpoints, name) ? lock.endpoints[name] : undefined
    const changes = compareOne(locked, current.get(name)).map((change) => ({ endpoint: name, ...change }))
    return changes.sort((a, b) => rank[a.grade] - rank[b.grade])
  })
}

const rank: Readonly<Record<Grade, number>> = { breaking: 0, risky: 1, safe: 2 }

function compareOne(
  locked: LockedEndpoint | undefined,
  now: CurrentEndpoint | undefined,
): Omit<Change, 'endpoint'>[] {
  if (locked === undefined)
    return [{ grade: 'safe', message: 'New; not in the generated module yet.', fix: pull }]
  if (now === undefined) {
    const fix = 'Restore the endpoint, or remove its calls and pull again.'
    return [{ grade: 'breaking', message: 'The endpoint is gone: its runs answer 404.', fix }]
  }
  const { pinned, pinnedProblem, latest } = now
  const changes: Omit<Change, 'endpoint'>[] = []
  if (pinned === undefined || pinnedProblem !== undefined) {
    const problem = pinnedProblem ?? 'gone'
    const message = `Version ${locked.version} is ${problem}: its runs fail. The newest version is ${latest.version}.`
    changes.push({ grade: 'breaking', message, fix: pull })
  }
  if (pinned !== undefined) {
    for (const { grade, message } of compareEndpoint(locked, contentOf(pinned))) {
      changes.push({ grade, message, ...(grade === 'safe' ? {} : { fix: pull }) })
    }
  }
  if (latest.version > locked.version) {
    const differences = compareEndpoint({ ...locked, version: latest.version }, contentOf(latest))
    changes.push({
      grade: 'risky',
      message: newerVersion(locked.version, latest.version, differences),
      fix: pull,
    })
  }
  return changes
}

function newerVersion(pinned: number, latest: number, differences: readonly Difference[]): string {
  const what =
    differences.length === 0
      ? 'variables and columns are the same'
      : differences.map(({ message }) => message).join(' ')
  return `Version ${latest} exists; version ${pinned} stays pinned. In the newer one: ${what}${what.endsWith('.') ? '' : '.'}`
}
