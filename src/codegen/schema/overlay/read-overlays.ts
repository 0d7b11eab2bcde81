// Hand-written on purpose: errors must name the overlay, the action and the fix, and every action needs a source.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../../../shared/is-object.ts'
import { parseDocumentText } from '../load/parse-document-text.ts'
import { SchemaError } from '../schema-error.ts'

/** One correction of a document, with its reason and source. */
export interface OverlayAction {
  /** JSONPath (RFC 9535) of the nodes to change. */
  readonly target: string
  /** Merged into nodes that are objects, appended to nodes that are lists. */
  readonly update: unknown
  /** Removes the nodes and ignores `update`. */
  readonly remove: boolean
  readonly reason: string
  readonly source: string
  /** JSON pointer of the action in its file, for error messages. */
  readonly place: string
}

/** An OpenAPI Overlay 1.0 document. */
export interface Overlay {
  /** File name without a folder. */
  readonly name: string
  readonly title: string
  /** Layer 1 adds and corrects operations. Layer 2 runs after it and adds extensions. */
  readonly layer: 1 | 2
  readonly actions: readonly OverlayAction[]
}

/** A parsed overlay and its text. */
export interface OverlayFile {
  readonly overlay: Overlay
  readonly text: string
}

/**
 * Reads every `*.yaml` file of a folder as an overlay. Returns them in the order in which they apply: by layer, then by
 * name. A missing folder has no overlays.
 *
 * @throws SchemaError when a file is not an overlay
 */
export async function readOverlays(folder: string): Promise<OverlayFile[]> {
  const entries = await readdir(folder).catch(ignoreMissing)
  const names = entries.filter((name) => /\.ya?ml$/.test(name)).sort()
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { overlay: parseOverlay(text, name), text }
    }),
  )
  return files.sort((a, b) => a.overlay.layer - b.overlay.layer)
}

function ignoreMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}

const overlayKeys: ReadonlySet<string> = new Set(['overlay', 'info', 'extends', 'actions'])
const actionKeys: ReadonlySet<string> = new Set(['target', 'description', 'update', 'remove'])

/**
 * Parses an OpenAPI Overlay 1.0 document in YAML or JSON. It is stricter than the standard: every action must have
 * `x-reason` and `x-source`, and unknown keys are errors because a misspelled key would do nothing.
 *
 * @throws SchemaError with the place of the action and the fix
 */
export function parseOverlay(text: string, name: string): Overlay {
  const value = parseDocumentText(text, name)
  const fail = (place: string, problem: string, fix: string): never => {
    throw new SchemaError({ source: name, place, problem, fix })
  }
  if (!isObject(value))
    return fail('/', 'Expected an overlay to be an object.', 'Start it with `overlay: 1.0.0`.')
  if (value['overlay'] !== '1.0.0') {
    return fail(
      '/overlay',
      `Overlay version ${String(value['overlay'])} is not supported.`,
      'Write `overlay: 1.0.0`.',
    )
  }
  const info = value['info']
  if (!isObject(info) || typeof info['title'] !== 'string') {
    return fail('/info/title', 'The overlay has no title.', 'Describe in `info.title` what it corrects.')
  }
  rejectUnknownKeys(value, overlayKeys, '', fail)
  const layer = value['x-layer'] ?? 1
  if (layer !== 1 && layer !== 2) {
    return fail(
      '/x-layer',
      `Layer ${String(layer)} does not exist.`,
      'Write 1 for corrections or 2 for extensions.',
    )
  }
  const actions = value['actions']
  if (!Array.isArray(actions) || actions.length === 0) {
    return fail('/actions', 'The overlay has no actions.', 'Add an action or delete the file.')
  }
  return {
    name,
    title: info['title'],
    layer,
    actions: actions.map((action, index) => parseAction(action, `/actions/${index}`, fail)),
  }
}

type Fail = (place: string, problem: string, fix: string) => never

function parseAction(action: unknown, place: string, fail: Fail): OverlayAction {
  if (!isObject(action))
    return fail(place, 'Expected an action to be an object.', 'Write a `target` and an `update`.')
  rejectUnknownKeys(action, actionKeys, place, fail)
  const text = (key: string, fix: string): string => {
    const value = action[key]
    if (typeof value === 'string' && value.trim() !== '') return value
    return fail(`${place}/${key}`, `The action has no \`${key}\`.`, fix)
  }
  const target = text('target', 'Write a JSONPath that starts with `$`.')
  const remove = action['remove'] ?? false
  if (typeof remove !== 'boolean') {
    return fail(
      `${place}/remove`,
      'Expected `remove` to be true or false.',
      'Write `remove: true` to remove the nodes.',
    )
  }
  if (!remove && action['update'] === undefined) {
    return fail(place, 'The action has neither `update` nor `remove`.', 'Add `update` or `remove: true`.')
  }
  return {
    target,
    update: action['update'],
    remove,
    reason: text('x-reason', 'Explain why the document is wrong or incomplete.'),
    source: text('x-source', 'Name the source of this fact.'),
    place,
  }
}

function rejectUnknownKeys(value: object, known: ReadonlySet<string>, place: string, fail: Fail): void {
  const unknown = Object.keys(value).find((key) => !known.has(key) && !key.startsWith('x-'))
  if (unknown === undefined) return
  fail(`${place}/${unknown}`, `The key \`${unknown}\` is not allowed here.`, `Use ${[...known].join(', ')}.`)
}
