import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireUsable } from '../check/check-document.ts'
import type { Finding } from '../check/finding.ts'
import type { OpenApiDocument } from '../document.ts'
import { loadDocument } from '../load/load-document.ts'
import type { LoadIo } from '../load/load-io.ts'
import { normalizeDocument } from '../normalize/normalize-document.ts'
import type { RuleReport } from '../normalize/rule.ts'
import { applyOverlays } from '../overlay/apply-overlays.ts'
import { readOverlays } from '../overlay/read-overlays.ts'
import { operationsOf } from '../walk/operations.ts'
import { renderLock, type SnapshotLock } from './lock-file.ts'
import { replaceFiles } from './replace-files.ts'

/** Names inside the folder of the snapshot. */
export const snapshotFiles: { readonly document: string; readonly lock: string; readonly overlays: string } =
  {
    document: 'posthog.json',
    lock: 'lock.json',
    overlays: 'overlay',
  }

/** What a pull found and wrote. */
export interface PullReport {
  readonly lock: SnapshotLock
  readonly warnings: readonly Finding[]
  readonly rules: readonly RuleReport[]
}

/**
 * Loads a document, checks and normalises it, and writes it with its lock into a folder (`openapi/`). The overlays in
 * that folder are applied on trial, since the committed snapshot is the document without them. When anything fails,
 * both files stay as they were.
 *
 * @throws SchemaError when the document or an overlay cannot be used.
 * @example
 * const { lock } = await pullSchema('https://us.posthog.com', 'openapi', nodeLoadIo())
 */
export async function pullSchema(source: string | URL, folder: string, io: LoadIo): Promise<PullReport> {
  const loaded = await loadDocument(source, io)
  const warnings = requireUsable(loaded.document, loaded.source)
  const { document, report } = normalizeDocument(loaded.document)
  const overlays = await readOverlays(join(folder, snapshotFiles.overlays))
  const overlaid = applyOverlays(
    document,
    overlays.map(({ overlay }) => overlay),
  )
  requireUsable(overlaid.document, `${loaded.source} with overlays`)

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

/** The bytes of a normalised document: one space per level, which keeps lines short and the file small. */
export function renderDocument(document: OpenApiDocument): string {
  return `${JSON.stringify(document, null, 1)}\n`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
