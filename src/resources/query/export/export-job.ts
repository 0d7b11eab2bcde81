import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { alreadyReadError } from '../../../runtime/transport/read-once.ts'
import type { RowSource } from '../stream/stream-options.ts'
import type { ExportJob, ExportOptions, ExportProgress, ExportResult, ExportSteps } from './export-options.ts'
import { exportToFile } from './export-to-file.ts'

/** Creates an export that starts when it is first used. */
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
      if (followed) throw alreadyReadError('The progress of an export')
      followed = true
      yield* follow(start(), (done) => {
        result = Promise.resolve(done)
      })
    },
  }
}

/** Runs an export to its end. */
async function finish(steps: ExportSteps, path: string): Promise<ExportResult> {
  for (;;) {
    const { done, value } = await steps.next()
    if (done !== true) continue
    if (value !== undefined) return value
    throw new ConfigurationError({
      message: `The export to ${path} was stopped before its end.`,
      fix: 'Start it again; it resumes where it stopped.',
    })
  }
}

/** Runs an export while its progress is iterated. */
async function* follow(
  steps: ExportSteps,
  finished: (result: ExportResult) => void,
): AsyncGenerator<ExportProgress, undefined> {
  try {
    for (;;) {
      const { done, value } = await steps.next()
      if (done !== true) yield value
      else {
        if (value !== undefined) finished(value)
        return
      }
    }
  } finally {
    // The type requires a result, but a stopped export has none.
    await steps.return(undefined as never)
  }
}
