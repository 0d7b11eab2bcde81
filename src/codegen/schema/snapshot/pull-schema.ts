import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFiles, sha256 } from '../../files.ts'
import { assertUsable, type Finding } from '../check/check-document.ts'
import { type OpenApiDocument, operationsOf } from '../document.ts'
import { type LoadOptions, loadDocument } from '../load/load-document.ts'
import { normalizeDocument } from '../normalize/normalize-document.ts'
import type { RuleReport } from '../normalize/rule.ts'
import { applyOverlays } from '../overlay/apply-overlays.ts'
import { readOverlays } from '../overlay/read-overlays.ts'
import { renderLock, type SnapshotLock } from './lock-file.ts'

/** File names in the snapshot folder. */
export const snapshotFiles: { readonly document: string; readonly lock: string; readonly overlays: string } =
  {
    document: 'posthog.json',
    lock: 'lock.json',
    overlays: 'overlay',
  }

/** The result of a pull. */
export interface PullReport {
  readonly lock: SnapshotLock
  readonly warnings: readonly Finding[]
  readonly rules: readonly RuleReport[]
}

/**
 * Loads, checks and normalizes a document, and writes it with its lock into a folder (`openapi/`). The snapshot does
 * not contain the overlays of that folder; they are applied only to verify them. On failure both files are unchanged.
 *
 * @throws SchemaError when the document or an overlay cannot be used
 * @example
 * const { lock } = await pullSchema('https://us.posthog.com', 'openapi', { download: createDownload() })
 */
export async function pullSchema(
  source: string | URL,
  folder: string,
  options: LoadOptions,
): Promise<PullReport> {
  const loaded = await loadDocument(source, options)
  const warnings = assertUsable(loaded.document, loaded.source)
  const { document, report } = normalizeDocument(loaded.document)
  const overlays = await readOverlays(join(folder, snapshotFiles.overlays))
  const overlaid = applyOverlays(
    document,
    overlays.map(({ overlay }) => overlay),
  )
  assertUsable(overlaid.document, `${loaded.source} with overlays`)

  const text = renderDocument(document)
  const lock: SnapshotLock = {
    source: loaded.source,
    day: loaded.retrievedAt.toISOString().slice(0, 10),
    bytes: loaded.bytes,
    sha256: loaded.sha256,
    snapshot: {
      sha256: sha256(text),
      bytes: Buffer.byteLength(text),
      paths: Object.keys(document.paths).length,
      operations: [...operationsOf(document)].length,
      schemas: Object.keys(document.components?.schemas ?? {}).length,
    },
    overlays: Object.fromEntries(
      overlays.map(({ overlay, text: content }) => [overlay.name, sha256(content)]).sort(),
    ),
    rules: Object.fromEntries(report.map(({ rule, changed }) => [rule, changed])),
  }
  const lockPath = join(folder, snapshotFiles.lock)
  const previous = await readFile(lockPath, 'utf8').catch(() => undefined)
  await replaceFiles([
    { path: join(folder, snapshotFiles.document), text },
    { path: lockPath, text: renderLock(lock, previous) },
  ])
  return { lock, warnings, rules: report }
}

/** Renders a normalized document, indented by one space to keep the file small. */
function renderDocument(document: OpenApiDocument): string {
  return `${JSON.stringify(document, null, 1)}\n`
}

/** Renders the result of a pull: the source, the changes of each rule, and the counts. */
export function renderPull({ lock, warnings, rules }: PullReport): string {
  const width = Math.max(...rules.map(({ rule }) => rule.length))
  const table = rules.map(({ rule, changed }) => `  ${rule.padEnd(width)}  ${String(changed).padStart(7)}`)
  const { paths, operations, schemas, bytes } = lock.snapshot
  return [
    `${lock.source}, ${lock.day}, ${lock.bytes} bytes, sha256 ${lock.sha256.slice(0, 12)}`,
    '',
    `  ${'rule'.padEnd(width)}  changed`,
    ...table,
    '',
    `${warnings.length} warnings${warningCounts(warnings)}`,
    `${Object.keys(lock.overlays).length} overlays apply`,
    `${paths} paths, ${operations} operations, ${schemas} schemas in ${bytes} bytes`,
  ].join('\n')
}

function warningCounts(warnings: PullReport['warnings']): string {
  const counts = new Map<string, number>()
  for (const { code } of warnings) counts.set(code, (counts.get(code) ?? 0) + 1)
  if (counts.size === 0) return ''
  return `: ${[...counts].map(([code, count]) => `${count} ${code}`).join(', ')}`
}
