import { alreadyRead } from '../../../runtime/transport/read-once.ts'
import type { RowSource } from '../stream/row-source.ts'
import type { ExportOptions, ExportProgress, ExportResult } from './export-options.ts'
import { exportToFile, finish, follow } from './export-to-file.ts'

/** An export that runs once, when it is awaited or looped over. */
export interface ExportJob extends Promise<ExportResult>, AsyncIterable<ExportProgress> {}

/** How an export goes: step by step to its result. */
export type ExportSteps = AsyncGenerator<ExportProgress, ExportResult>

/** An export that has not begun. */
export function exportJob(source: RowSource<unknown>, path: string, options: ExportOptions): ExportJob {
  let steps: ExportSteps | undefined
  const start = (): ExportSteps => {
    steps ??= exportToFile(source, path, options)
    return steps
  }
  let result: Promise<ExportResult> | undefined
  let followed = false
  const run = (): Promise<ExportResult> => {
    result ??= finish(start(), path)
    return result
  }
  return {
    [Symbol.toStringTag]: 'ExportJob',
    // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point
    then: (onfulfilled, onrejected) => run().then(onfulfilled, onrejected),
    catch: (onrejected) => run().catch(onrejected),
    finally: (onfinally) => run().finally(onfinally),
    async *[Symbol.asyncIterator]() {
      if (followed) throw alreadyRead('The progress of an export')
      followed = true
      yield* follow(start(), (done) => {
        result = Promise.resolve(done)
      })
    },
  }
}
