import { parseDocumentText } from '../load/parse-document-text.ts'
import { SchemaError } from '../schema-error.ts'
import { isObject } from '../walk/is-object.ts'
import type { Overlay, OverlayAction } from './overlay.ts'

const overlayKeys: ReadonlySet<string> = new Set(['overlay', 'info', 'extends', 'actions'])
const actionKeys: ReadonlySet<string> = new Set(['target', 'description', 'update', 'remove'])

/**
 * Reads an OpenAPI Overlay 1.0 document in YAML or JSON. Stricter than the standard on purpose: every action must
 * carry `x-reason` and `x-source`, and unknown keys are refused because a misspelt one would do nothing.
 *
 * @throws SchemaError naming the action and the fix.
 */
export function parseOverlay(text: string, name: string): Overlay {
  const value = parseDocumentText(text, name)
  const refuse = (place: string, problem: string, fix: string): never => {
    throw new SchemaError({ source: name, place, problem, fix })
  }
  if (!isObject(value)) return refuse('/', 'An overlay must be an object.', 'Start it with `overlay: 1.0.0`.')
  if (value['overlay'] !== '1.0.0') {
    return refuse(
      '/overlay',
      `Overlay version ${String(value['overlay'])} is not known.`,
      'Write `overlay: 1.0.0`.',
    )
  }
  const info = value['info']
  if (!isObject(info) || typeof info['title'] !== 'string') {
    return refuse('/info/title', 'The overlay has no title.', 'Say in `info.title` what it corrects.')
  }
  unknownKeys(value, overlayKeys, '', refuse)
  const layer = value['x-layer'] ?? 1
  if (layer !== 1 && layer !== 2) {
    return refuse(
      '/x-layer',
      `Layer ${String(layer)} is not known.`,
      'Write 1 for corrections, 2 for marks on them.',
    )
  }
  const actions = value['actions']
  if (!Array.isArray(actions) || actions.length === 0) {
    return refuse('/actions', 'The overlay has no actions.', 'List at least one action or delete the file.')
  }
  return {
    name,
    title: info['title'],
    layer,
    actions: actions.map((action, index) => parseAction(action, `/actions/${index}`, refuse)),
  }
}

type Refuse = (place: string, problem: string, fix: string) => never

function parseAction(action: unknown, place: string, refuse: Refuse): OverlayAction {
  if (!isObject(action))
    return refuse(place, 'The action is not an object.', 'Give it a `target` and an `update`.')
  unknownKeys(action, actionKeys, place, refuse)
  const text = (key: string, fix: string): string => {
    const value = action[key]
    if (typeof value === 'string' && value.trim() !== '') return value
    return refuse(`${place}/${key}`, `The action has no \`${key}\`.`, fix)
  }
  const target = text('target', 'Name the nodes by a JSONPath that starts with `$`.')
  const remove = action['remove'] ?? false
  if (typeof remove !== 'boolean') {
    return refuse(
      `${place}/remove`,
      '`remove` must be true or false.',
      'Write `remove: true` to take the nodes out.',
    )
  }
  if (!remove && action['update'] === undefined) {
    return refuse(place, 'The action neither updates nor removes.', 'Add `update` or `remove: true`.')
  }
  return {
    target,
    update: action['update'],
    remove,
    reason: text('x-reason', 'Say why the document is wrong or lacks this.'),
    source: text('x-source', 'Name the fact or document that this rests on.'),
    place,
  }
}

function unknownKeys(value: object, known: ReadonlySet<string>, place: string, refuse: Refuse): void {
  const unknown = Object.keys(value).find((key) => !known.has(key) && !key.startsWith('x-'))
  if (unknown === undefined) return
  refuse(`${place}/${unknown}`, `The key \`${unknown}\` means nothing here.`, `Use ${[...known].join(', ')}.`)
}
