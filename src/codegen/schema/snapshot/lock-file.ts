import { readFile } from 'node:fs/promises'
import { isObject } from '../../../shared/is-object.ts'
import { replaceFiles } from '../../files.ts'

/** The content of `openapi/lock.json`. */
export interface SnapshotLock {
  /** File name, host or URL of the original document. */
  readonly source: string
  /** Day of the download in UTC, such as `2026-05-07`. */
  readonly day: string
  /** Size of the original document. */
  readonly bytes: number
  /** SHA-256 of the original document. */
  readonly sha256: string
  readonly snapshot: {
    /** SHA-256 of `openapi/posthog.json`. */
    readonly sha256: string
    readonly bytes: number
    readonly paths: number
    readonly operations: number
    readonly schemas: number
  }
  /** SHA-256 of each overlay, by file name. */
  readonly overlays: Readonly<Record<string, string>>
  /** Number of places that each rule changed. */
  readonly rules: Readonly<Record<string, number>>
}

/** Key of the generation record, which a new snapshot preserves. */
const generatorKey = 'generator'

/** Renders a lock and preserves the generation record of the previous one. */
export function renderLock(lock: SnapshotLock, previous: string | undefined): string {
  const generator = previous === undefined ? undefined : readGenerator(previous)
  const content = generator === undefined ? lock : { ...lock, [generatorKey]: generator }
  return `${JSON.stringify(content, null, 2)}\n`
}

function readGenerator(text: string): unknown {
  try {
    const lock: unknown = JSON.parse(text)
    return isObject(lock) ? lock[generatorKey] : undefined
  } catch {
    // The lock is not JSON, for example because of a merge conflict. The new lock has no record.
    return undefined
  }
}

/** Version of @hey-api/openapi-ts. Its output differs between versions. */
const generatorVersion = '@hey-api/openapi-ts 0.95.0'

/** SHA-256 of the input and output of a generation. */
export interface GenerationRecord {
  readonly input: string
  readonly output: string
}

/** Writes the generation record into `openapi/lock.json` and preserves the rest. */
export async function recordGeneration(file: string, record: GenerationRecord): Promise<void> {
  const lock: unknown = JSON.parse(await readFile(file, 'utf8'))
  const next = { ...Object(lock), [generatorKey]: { name: generatorVersion, ...record } }
  await replaceFiles([{ path: file, text: `${JSON.stringify(next, null, 2)}\n` }])
}
