import { exec, type JsonValue, type Path } from 'jsonpath-rfc9535'
import type { OpenApiDocument } from '../document.ts'
import { canonicalOrder } from '../normalize/canonical-order.ts'
import { SchemaError } from '../schema-error.ts'
import { isObject } from '../walk/is-object.ts'
import { mergeUpdate } from './merge-update.ts'
import type { Overlay, OverlayAction } from './overlay.ts'
import { refuseRepeatedParameters } from './refuse-repeated-parameters.ts'

/** How many nodes each action of an overlay matched. */
export interface OverlayReport {
  readonly overlay: string
  readonly actions: number
  readonly nodes: number
}

/** A document with its corrections. */
export interface OverlaidDocument {
  readonly document: OpenApiDocument
  readonly report: OverlayReport[]
}

/**
 * Applies overlays to a document, in the order given, and sorts the result. The input is left as it is. An action
 * that matches nothing is an error: either the document has caught up or the target is misspelt, and both need a
 * look.
 *
 * @throws SchemaError naming overlay, action and target; also when an operation has a parameter twice afterwards.
 * @example
 * const { document } = applyOverlays(normalized, [parseOverlay(text, 'query.yaml')])
 */
export function applyOverlays(source: OpenApiDocument, overlays: readonly Overlay[]): OverlaidDocument {
  const document = structuredClone(source)
  const report: OverlayReport[] = []
  for (const overlay of overlays) {
    let nodes = 0
    for (const action of overlay.actions) nodes += applyAction(document, overlay, action)
    refuseRepeatedParameters(document, overlay.name)
    report.push({ overlay: overlay.name, actions: overlay.actions.length, nodes })
  }
  return { document: canonicalOrder(document), report }
}

function applyAction(document: OpenApiDocument, overlay: Overlay, action: OverlayAction): number {
  const matches = select(document, overlay, action)
  if (matches.length === 0) {
    throw refusal(
      overlay,
      action,
      `${action.target} matches nothing.`,
      'Correct the target, or delete the action.',
    )
  }
  if (action.remove) remove(document, matches)
  else for (const { value } of matches) update(value, overlay, action)
  return matches.length
}

interface Match {
  readonly value: JsonValue
  readonly path: Path
}

function select(document: OpenApiDocument, overlay: Overlay, action: OverlayAction): Match[] {
  const matches: Match[] = []
  try {
    // The document came from JSON or YAML, so every value in it is a JSON value.
    exec(document as unknown as JsonValue, action.target, (value, path) => matches.push({ value, path }))
  } catch (cause) {
    const problem = `${action.target} is not a JSONPath.`
    throw refusal(overlay, action, problem, 'Write it as in RFC 9535, with quoted names in brackets.', cause)
  }
  return matches
}

function update(value: JsonValue, overlay: Overlay, action: OverlayAction): void {
  if (Array.isArray(value)) {
    // An update of a list is one more item, or several when it is a list itself.
    const items: unknown[] = Array.isArray(action.update) ? action.update : [action.update]
    value.push(...(structuredClone(items) as JsonValue[]))
    return
  }
  if (isObject(value) && isObject(action.update)) {
    mergeUpdate(value, action.update)
    return
  }
  const problem = `${action.target} and its update are not both objects.`
  throw refusal(overlay, action, problem, 'Target the object around the value and update its key.')
}

/** Takes nodes out, later ones first so that indexes of earlier ones stay true. */
function remove(document: OpenApiDocument, matches: readonly Match[]): void {
  for (const { path } of [...matches].reverse()) {
    const key = unescapeKey(path.at(-1))
    let parent: unknown = document
    for (const token of path.slice(0, -1)) {
      // Each token was reported as a member of the value before it.
      parent = (parent as Record<string, unknown>)[unescapeKey(token) as string]
    }
    if (Array.isArray(parent) && typeof key === 'number') parent.splice(key, 1)
    else if (isObject(parent)) delete parent[String(key)]
  }
}

/** The library reports names as normalized paths do (RFC 9535, 2.7): quotes, backslashes and controls escaped. */
function unescapeKey(key: string | number | undefined): string | number | undefined {
  if (typeof key !== 'string' || !key.includes('\\')) return key
  const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
  return key.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code?: string, letter = '') =>
    code === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function refusal(
  overlay: Overlay,
  action: OverlayAction,
  problem: string,
  fix: string,
  cause?: unknown,
): SchemaError {
  return new SchemaError({ source: overlay.name, place: action.place, problem, fix, cause })
}
