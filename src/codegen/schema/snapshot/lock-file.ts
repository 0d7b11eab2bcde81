import { isObject } from '../walk/is-object.ts'

/** What `openapi/lock.json` says about the committed snapshot. */
export interface SnapshotLock {
  /** File name, host or address that the document came from. */
  readonly source: string
  /** Day of the download, `2026-05-07`, in UTC. */
  readonly day: string
  /** Size of the document as it came. */
  readonly bytes: number
  /** Hash of the document as it came. */
  readonly sha256: string
  readonly snapshot: {
    /** Hash of `openapi/posthog.json`. */
    readonly sha256: string
    readonly bytes: number
    readonly paths: number
    readonly operations: number
    readonly schemas: number
  }
  /** Hash of each overlay by file name. */
  readonly overlays: Readonly<Record<string, string>>
  /** How many places each rule changed. */
  readonly rules: Readonly<Record<string, number>>
}

/** Key of the lock that belongs to the generator and survives a new snapshot. */
const generatorKey = 'generator'

/** Renders a lock, keeping what the generator wrote into the previous one. */
export function renderLock(lock: SnapshotLock, previous: string | undefined): string {
  const kept = previous === undefined ? undefined : readGenerator(previous)
  const content = kept === undefined ? lock : { ...lock, [generatorKey]: kept }
  return `${JSON.stringify(content, null, 2)}\n`
}

function readGenerator(text: string): unknown {
  try {
    const lock: unknown = JSON.parse(text)
    return isObject(lock) ? lock[generatorKey] : undefined
  } catch {
    // A lock that is no JSON (a merge conflict, say) holds nothing worth keeping; it is written anew.
    return undefined
  }
}
