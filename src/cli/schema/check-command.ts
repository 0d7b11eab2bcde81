import { version } from '../../client/version.ts'
import { loadNormalizedDocument } from '../../codegen/schema/load/load-document.ts'
import { gradeDrift } from '../../codegen/schema/server/compare-server.ts'
import { parseServerLock } from '../../codegen/schema/server/server-lock.ts'
import { readShippedSchema } from '../../codegen/schema/server/shipped-schema.ts'
import type { AreaReport } from '../area-report.ts'
import type { Context } from '../context.ts'
import { moduleFiles, readExistingLock } from '../module-files.ts'
import { createDownload } from './download.ts'
import type { SchemaFileOptions } from './pull-command.ts'
import { reportChanges } from './report-changes.ts'
import { resolveSource, serverSource, withUsageErrors } from './schema-source.ts'

/** `typehog schema check`: grades what has changed on the server since the pull. */
export async function checkSchemaCommand(
  context: Context,
  given: string | undefined,
  options: SchemaFileOptions,
): Promise<AreaReport> {
  const { cwd, signal } = context.io
  const files = moduleFiles(cwd, options)
  const text = await readExistingLock(files, 'typehog schema pull')
  const lock = await withUsageErrors(files.lock, async () => parseServerLock(text, files.lock))
  if (lock.typehog !== version) {
    const fix = 'Run `typehog schema pull` again.'
    context.warn(`${files.lock} was written by Typehog ${lock.typehog}; this is ${version}. ${fix}`)
  }
  const source = given ?? (await serverSource(context))
  context.note(`Loading ${source}`)
  const server = await withUsageErrors(source, () =>
    loadNormalizedDocument(resolveSource(source, cwd), { download: createDownload({ signal }) }),
  )
  signal.throwIfAborted()
  const changes = gradeDrift(server, lock, await readShippedSchema())
  return reportChanges(context, changes, { source: lock.source, day: lock.day })
}
