import { resolve } from 'node:path'
import { nodeLoadIo } from '../../codegen/schema/load/load-io.ts'
import { pullSchema } from '../../codegen/schema/snapshot/pull-schema.ts'
import { renderPull } from '../../codegen/schema/snapshot/render-pull.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import { schemaSource, withSource } from './schema-source.ts'

/** `typehog schema pull`: loads, checks and normalises a document and writes it with its lock, both or none. */
export async function pullSchemaCommand(
  context: Context,
  source: string,
  options: { readonly out: string },
): Promise<ExitCode> {
  const { cwd, signal } = context.io
  const io = nodeLoadIo()
  const abortable = {
    ...io,
    fetch: (url: URL, init: RequestInit) =>
      io.fetch(url, { ...init, signal: AbortSignal.any(init.signal ? [signal, init.signal] : [signal]) }),
  }
  context.note(`Loading ${source}`)
  const report = await withSource(source, () =>
    pullSchema(schemaSource(source, cwd), resolve(cwd, options.out), abortable),
  )
  if (context.options.json === true) context.printJson(report)
  else if (context.options.quiet !== true) context.print(...renderPull(report).split('\n'))
  return exitCodes.ok
}
