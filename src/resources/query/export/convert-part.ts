import type { Checkpoint } from './checkpoint.ts'
import type { RowConverter } from './columnar-format.ts'
import type { ExportProgress } from './export-options.ts'
import { appendBytes, fileId, fileSystem, readChunks } from './file-system.ts'
import { createPart, removeLeftover, resumePart, tailOf } from './part-file.ts'
import type { Run } from './write-part.ts'

/**
 * Converts the complete rows of an export to another file. Returns the checkpoint of that file. After a crash, the next
 * run converts again, without a query.
 */
export async function* convertPart(
  { part, lock, checkpointPath }: Run,
  output: string,
  state: Checkpoint,
  convert: RowConverter,
): AsyncGenerator<ExportProgress, Checkpoint> {
  await removeLeftover(output, lock.crashed)
  const input = await resumePart(part, state)
  let isComplete = false
  try {
    const file = await createPart(output)
    try {
      await lock.recordPart(fileId(await file.stat({ bigint: true })))
      let size = 0
      for await (const bytes of convert(readChunks(input))) {
        await lock.verify()
        size = await appendBytes(file, bytes, size)
        yield { rows: state.rows, bytes: size, progress: 1 }
      }
      await file.datasync()
      isComplete = true
      return { ...state, bytes: size, tail: await tailOf(file, size), converted: true }
    } finally {
      await file.close()
      if (!isComplete && (await lock.isHeld())) await fileSystem().rm(output, { force: true })
    }
  } finally {
    await input.close()
    // Without a checkpoint, the rows cannot be converted by another run.
    if (!isComplete && checkpointPath === undefined && (await lock.isHeld())) await fileSystem().rm(part)
  }
}
