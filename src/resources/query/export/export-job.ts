import type { RowSource } from '../stream/row-source.ts'
import type { ExportOptions, ExportProgress, ExportResult } from './export-options.ts'

/** An export that runs once, when it is awaited or looped over. */
export interface ExportJob extends PromiseLike<ExportResult>, AsyncIterable<ExportProgress> {}

/** How an export goes: step by step to its result. */
export type ExportSteps = AsyncGenerator<ExportProgress, ExportResult>

/** An export that has not begun. */
export function exportJob(source: RowSource<unknown>, path: string, options: ExportOptions): ExportJob {
  const load = import('./export-to-file.ts')
  let steps: Promise<ExportSteps> | undefined
  const start = (): Promise<ExportSteps> => {
    steps ??= load.then(({ exportToFile }) => exportToFile(source, path, options))
    return steps
  }
  let result: Promise<ExportResult> | undefined
  return {
    // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point
    then(onfulfilled, onrejected) {
      result ??= load.then(async ({ finish }) => finish(await start(), path))
      return result.then(onfulfilled, onrejected)
    },
    async *[Symbol.asyncIterator]() {
      const { follow } = await load
      yield* follow(await start(), (done) => {
        result = Promise.resolve(done)
      })
    },
  }
}
