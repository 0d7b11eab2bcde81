import { readFile } from 'node:fs/promises'
import { replaceFiles } from '../schema/snapshot/replace-files.ts'

/** Version of @hey-api/openapi-ts that the output belongs to; another one may write other bytes. */
const generatorVersion = '@hey-api/openapi-ts 0.95.0'

/** Hashes of what a generation read and wrote. */
export interface GenerationRecord {
  readonly input: string
  readonly output: string
}

/** Writes the generator's part of `openapi/lock.json`; everything else in it stays. */
export async function recordGeneration(file: string, record: GenerationRecord): Promise<void> {
  const lock: unknown = JSON.parse(await readFile(file, 'utf8'))
  const next = { ...Object(lock), generator: { name: generatorVersion, ...record } }
  await replaceFiles([{ path: file, text: `${JSON.stringify(next, null, 2)}\n` }])
}
