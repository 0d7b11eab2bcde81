import { resolve } from 'node:path'
import { pullSchema, renderPull } from '../../codegen/schema/snapshot/pull-schema.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import { createDownload } from './download.ts'
import { resolveSource, withUsageErrors } from './schema-source.ts'

/** `typehog schema pull`: loads, checks and normalizes a document, and writes it with its lock. */
export async function pullSchemaCommand(
  context: Context,
  source: string,
  options: { readonly out: string },
): Promise<ExitCode> {
  const { cwd, signal } = context.io
  context.note(`Loading ${source}`)
  const report = await withUsageErrors(source, () =>
    pullSchema(resolveSource(source, cwd), resolve(cwd, options.out), {
      download: createDownload({ signal }),
    }),
  )
  if (context.options.json === true) context.printJson(report)
  else if (context.options.quiet !== true) context.print(...renderPull(report).split('\n'))
  return exitCodes.ok
}
