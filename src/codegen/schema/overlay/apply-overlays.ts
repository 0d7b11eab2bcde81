import { exec, type JsonValue, type Path } from 'jsonpath-rfc9535'
import { isObject } from '../../../shared/is-object.ts'
import { type OpenApiDocument, operationsOf } from '../document.ts'
import { canonicalOrder } from '../normalize/canonical-order.ts'
import { SchemaError } from '../schema-error.ts'
import type { Overlay, OverlayAction } from './read-overlays.ts'

/** The number of nodes that an overlay changed. */
export interface OverlayReport {
  readonly overlay: string
  readonly actions: number
  readonly nodes: number
}

/** A document after all overlays. */
export interface OverlaidDocument {
  readonly document: OpenApiDocument
  readonly report: OverlayReport[]
}

/**
 * Applies overlays to a copy of a document, in the given order, and sorts the result. An action that matches nothing is
 * an error: either PostHog has corrected the document or the target is misspelled.
 *
 * @throws SchemaError with the overlay, action and target, also when an overlay repeats a parameter of an operation
 * @example
 * const { document } = applyOverlays(normalized, [parseOverlay(text, 'query.yaml')])
 */
export function applyOverlays(source: OpenApiDocument, overlays: readonly Overlay[]): OverlaidDocument {
  const document = structuredClone(source)
  const report: OverlayReport[] = []
  for (const overlay of overlays) {
    let nodes = 0
    for (const action of overlay.actions) nodes += applyAction(document, overlay, action)
    assertNoDuplicates(document, overlay.name)
    report.push({ overlay: overlay.name, actions: overlay.actions.length, nodes })
  }
  return { document: canonicalOrder(document), report }
}

/**
 * Applies the actions that fit another server's document, and skips those that match nothing. A parameter or scope that
 * the document has already stays once.
 */
export function applyFittingOverlays(source: OpenApiDocument, overlays: readonly Overlay[]): OpenApiDocument {
  const document = structuredClone(source)
  for (const overlay of overlays) {
    for (const action of overlay.actions) {
      const matches = select(document, overlay, action)
      if (action.remove) remove(document, matches)
      else for (const { value } of matches) update(value, overlay, action)
    }
  }
  dropDuplicates(document)
  return canonicalOrder(document)
}

function applyAction(document: OpenApiDocument, overlay: Overlay, action: OverlayAction): number {
  const matches = select(document, overlay, action)
  if (matches.length === 0) {
    throw overlayError(
      overlay,
      action,
      `${action.target} matches nothing.`,
      'Correct the target or delete the action.',
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
    // The document comes from JSON or YAML, so every value in it is a JSON value.
    exec(document as unknown as JsonValue, action.target, (value, path) => matches.push({ value, path }))
  } catch (cause) {
    const problem = `${action.target} is not a valid JSONPath.`
    throw overlayError(
      overlay,
      action,
      problem,
      'Write it as in RFC 9535: names in brackets and quotes.',
      cause,
    )
  }
  return matches
}

function update(value: JsonValue, overlay: Overlay, action: OverlayAction): void {
  if (Array.isArray(value)) {
    // Overlay 1.0: a list is appended, anything else becomes one more item.
    const items: unknown[] = Array.isArray(action.update) ? action.update : [action.update]
    value.push(...(structuredClone(items) as JsonValue[]))
    return
  }
  if (isObject(value) && isObject(action.update)) {
    mergeUpdate(value, action.update)
    return
  }
  const problem = `Expected ${action.target} and its update to be objects.`
  throw overlayError(overlay, action, problem, 'Target the parent object and update the key in it.')
}

/** Removes nodes in reverse order, so that the indexes of earlier ones stay valid. */
function remove(document: OpenApiDocument, matches: readonly Match[]): void {
  for (const { path } of [...matches].reverse()) {
    const key = unescapeKey(path.at(-1))
    let parent: unknown = document
    for (const token of path.slice(0, -1)) {
      // The library reports each token as a member of the value before it.
      parent = (parent as Record<string, unknown>)[unescapeKey(token) as string]
    }
    if (Array.isArray(parent) && typeof key === 'number') parent.splice(key, 1)
    else if (isObject(parent)) delete parent[String(key)]
  }
}

/** Unescapes a name of a normalized path (RFC 9535, 2.7): quotes, backslashes and control characters. */
function unescapeKey(key: string | number | undefined): string | number | undefined {
  if (typeof key !== 'string' || !key.includes('\\')) return key
  const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
  return key.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code?: string, letter = '') =>
    code === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function overlayError(
  overlay: Overlay,
  action: OverlayAction,
  problem: string,
  fix: string,
  cause?: unknown,
): SchemaError {
  return new SchemaError({ source: overlay.name, place: action.place, problem, fix, cause })
}

/**
 * Merges an update into a node in place, as Overlay 1.0 defines it: merges objects by key, appends lists and replaces
 * other values. It copies values, so that two targets never share one.
 */
function mergeUpdate(target: Record<string, unknown>, update: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(update)) {
    // Assigning `__proto__` would change the prototype.
    if (key === '__proto__') continue
    const current = Object.hasOwn(target, key) ? target[key] : undefined
    if (isObject(current) && isObject(value)) mergeUpdate(current, value)
    else if (Array.isArray(current) && Array.isArray(value)) current.push(...structuredClone(value))
    else target[key] = structuredClone(value)
  }
}

/**
 * Checks that an overlay has not added a parameter or scope that already exists. This happens when PostHog's document
 * now contains what the overlay adds.
 *
 * @throws SchemaError with the overlay and the parameter or scope
 */
function assertNoDuplicates(document: OpenApiDocument, overlay: string): void {
  for (const { operation, pointer } of operationsOf(document)) {
    const scopes = operation['x-typehog-scopes']
    if (Array.isArray(scopes) && new Set(scopes).size < scopes.length) {
      const problem = `${pointer} has a scope twice after this overlay: ${scopes.join(', ')}.`
      throw new SchemaError({ source: overlay, problem, fix: 'Remove the scope from the overlay.' })
    }
    const seen = new Set<string>()
    for (const parameter of operation.parameters ?? []) {
      const key = parameterKey(parameter)
      if (seen.has(key)) {
        const problem = `${pointer} has the parameter ${key} twice after this overlay.`
        throw new SchemaError({
          source: overlay,
          problem,
          fix: 'Remove the parameter from the overlay.',
        })
      }
      seen.add(key)
    }
  }
}

function dropDuplicates(document: OpenApiDocument): void {
  for (const { operation } of operationsOf(document)) {
    const scopes = operation['x-typehog-scopes']
    if (Array.isArray(scopes)) operation['x-typehog-scopes'] = [...new Set(scopes)]
    const { parameters } = operation
    if (parameters === undefined) continue
    // The server's own parameter comes first.
    const keys = parameters.map(parameterKey)
    operation.parameters = parameters.filter((_, index) => keys.indexOf(keys[index] ?? '') === index)
  }
}

function parameterKey(parameter: Readonly<Record<string, unknown>>): string {
  return String(parameter['$ref'] ?? `${String(parameter['in'])} ${String(parameter['name'])}`)
}
