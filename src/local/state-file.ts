import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../shared/is-object.ts'
import type { CollectionStore } from './store/collection.ts'

/** Version of the file format. Increment it when older files can no longer be loaded. */
const FORMAT = 2

/** Loads and saves the store of one project in a data folder. */
export interface StateFile {
  /** @throws Error when the file has another format. */
  load(): Promise<CollectionStore>
  save(store: CollectionStore): Promise<void>
}

/** Opens the state file of a project. Loading a missing file returns an empty store. */
export function openStateFile(folder: string, projectId: number): StateFile {
  const file = join(folder, `typehog-project-${projectId}.json`)
  let chain: Promise<void> = Promise.resolve()
  const write = async (text: string): Promise<void> => {
    // A rename is atomic: a crash while writing leaves the old file intact.
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  }
  return {
    load: async () => {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return text === undefined ? emptyStore() : parseStore(file, text)
    },
    save: (store) => {
      const text = JSON.stringify({ format: FORMAT, ...store }, null, 2)
      chain = chain.catch(() => {}).then(() => write(text))
      return chain
    },
  }
}

/** A store without records. */
export function emptyStore(): CollectionStore {
  return { collections: {}, lastIds: {} }
}

function parseStore(file: string, text: string): CollectionStore {
  const { format, collections, lastIds } = parseObject(text)
  if (format !== FORMAT || !isObject(collections) || !isObject(lastIds)) {
    const expected = `Expected JSON that this version of Typehog wrote (format ${FORMAT})`
    throw new Error(
      `Cannot read the local PostHog's state file ${file}. ${expected}. Delete the folder or use another one.`,
    )
  }
  // `save` wrote the file.
  return { collections, lastIds } as unknown as CollectionStore
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
