import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataStores } from './local-data.ts'
import type { EndpointRecord } from './resources/endpoints/endpoint-record.ts'
import type { InsightVariable } from './resources/variables/insight-variable.ts'
import type { StoredCollections } from './store/collection.ts'

/** What a kept folder remembers beside the tables. */
export interface SavedState {
  readonly endpoints: readonly EndpointRecord[]
  readonly variables: readonly InsightVariable[]
  /** Undefined in files of before there was any. */
  readonly data: Partial<DataStores> | undefined
  /** The managed resources. A file of an older version has none. */
  readonly managed?: StoredCollections
}

/** Reads and writes what a project holds beside the tables. */
export interface StateFile {
  load(): Promise<SavedState>
  save(state: SavedState): Promise<void>
}

// Days of endpoints are written as ISO text under these names and read back as Date.
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
      if (text === undefined) return { endpoints: [], variables: [], data: undefined }
      // This module wrote the file; a hand-made one is the user's own.
      const saved = JSON.parse(text) as SavedState
      return { ...saved, endpoints: withDates(saved.endpoints) }
    },
    save: (state) => {
      const text = JSON.stringify(state, null, 2)
      chain = chain.catch(() => {}).then(() => write(text))
      return chain
    },
  }
}

function withDates(endpoints: readonly EndpointRecord[]): readonly EndpointRecord[] {
  const revive = (key: string, value: unknown): unknown =>
    DATES.has(key) && typeof value === 'string' ? new Date(value) : value
  // The type says what was written; the text in between knows no days.
  return JSON.parse(JSON.stringify(endpoints), revive) as readonly EndpointRecord[]
}
