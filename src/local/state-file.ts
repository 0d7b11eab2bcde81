import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredCollections } from './collections/managed.ts'
import type { EndpointRecord } from './endpoints/endpoint-record.ts'
import type { InsightVariable } from './variables/insight-variable.ts'

/** What a kept folder remembers beside the tables. */
export interface SavedState {
  readonly endpoints: readonly EndpointRecord[]
  readonly variables: readonly InsightVariable[]
  /** The managed resources. A file of an older version has none. */
  readonly managed?: StoredCollections
}

/** Reads and writes the state of one project in its folder. */
export interface StateFile {
  load(): Promise<SavedState>
  save(state: SavedState): Promise<void>
}

// Days are written as ISO text under these names and read back as Date.
const DATES = new Set(['createdAt', 'updatedAt', 'lastExecutedAt', 'builtAt'])

/** The file of one project inside a folder. A missing file is an empty state; a broken one is an error. */
export function stateFile(folder: string, projectId: number): StateFile {
  const file = join(folder, `typehog-project-${projectId}.json`)
  let chain: Promise<void> = Promise.resolve()
  const write = async (text: string): Promise<void> => {
    // Written aside and renamed: a stop half way leaves the old file whole.
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  }
  return {
    load: async () => {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (text === undefined) return { endpoints: [], variables: [] }
      // This module wrote the file; a hand-made one is the user's own.
      const state = JSON.parse(text) as SavedState
      return {
        ...state,
        endpoints: JSON.parse(JSON.stringify(state.endpoints), reviveDate) as EndpointRecord[],
      }
    },
    save: (state) => {
      const text = JSON.stringify(state, null, 2)
      chain = chain.catch(() => {}).then(() => write(text))
      return chain
    },
  }
}

function reviveDate(key: string, value: unknown): unknown {
  return DATES.has(key) && typeof value === 'string' ? new Date(value) : value
}
