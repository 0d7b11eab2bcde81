import { ConfigurationError } from '../../../runtime/errors/configuration-error.ts'
import type { RowSource } from '../stream/row-source.ts'
import type { ExportOptions, ExportProgress, ExportResult } from './export-options.ts'

/** An export that runs once, when it is awaited or looped over. */
export interface ExportJob extends PromiseLike<ExportResult>, AsyncIterable<ExportProgress> {}

/** An export that has not begun. */
export function exportJob(source: RowSource<unknown>, path: string, options: ExportOptions): ExportJob {
  const steps = run(source, path, options)
  let result: Promise<ExportResult> | undefined
  const finish = async (): Promise<ExportResult> => {
    for (;;) {
      const { done, value } = await steps.next()
      if (done === true) return value ?? left(path)
    }
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point
    then(onfulfilled, onrejected) {
      result ??= finish()
      return result.then(onfulfilled, onrejected)
    },
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          const { done, value } = await steps.next()
          if (done === true) {
            if (value !== undefined) result = Promise.resolve(value)
            return
          }
          yield value
        }
      } finally {
        // Its type has it that a result is given; an export that is left has none.
        await steps.return(undefined as never)
      }
    },
  }
}

async function* run(
  source: RowSource<unknown>,
  path: string,
  options: ExportOptions,
): AsyncGenerator<ExportProgress, ExportResult> {
  const { exportToFile } = await import('./export-to-file.ts')
  return yield* exportToFile(source, path, options)
}

function left(path: string): never {
  throw new ConfigurationError({
    message: `The export to ${path} was left before its end.`,
    fix: 'Start it again: it goes on where it was.',
  })
}
