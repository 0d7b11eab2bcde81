import { createHmac, randomBytes } from 'node:crypto'
import { isObject } from '../../../shared/is-object.ts'
import { envelope, invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse, stableJson } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import { integerInPath } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { currentUser } from '../../store/account.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { boolean, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { changeRecord, findRecord, patchRecord, recordView } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, recordResponse } from '../../store/resource-routes.ts'

// PostHog/posthog products/cdp/backend/api/hog_function.py
const REVISIONS: CollectionKind = { name: 'hog_function_revisions', ids: 'uuid' }
/** The fields of a revision and of a draft. */
const CONTENT = ['hog', 'inputs_schema', 'inputs', 'filters', 'mappings', 'masking']
const TOKEN_MS = 15 * 60_000
/** Signs the tokens of this process. */
const SECRET = randomBytes(32)

/** Members of a new function. */
export const NO_DRAFT: JsonRecord = { version: 1, draft: null, draft_updated_at: null }

/** Adds a revision after a change of the live configuration. The first one is preceded by the original. */
export function recordRevision(call: Call, after: StoredRecord, before: StoredRecord): void {
  if (comparable(contentOf(after)) === comparable(contentOf(before))) return
  const { state } = call
  const revisions = collectionOf(state, REVISIONS)
  const version = Number(before['version'] ?? 1)
  const created_at = state.now().toISOString()
  if (revisionsOf(call, after).length === 0) {
    revisions.add({ hog_function: after.id, version, content: contentOf(before), created_at, author: false })
  }
  const own = { hog_function: after.id, version: version + 1, content: contentOf(after) }
  revisions.add({ ...own, created_at, author: true })
}

/** @throws ApiError 400 when a function with a draft would be enabled. */
export function checkEnabled({ draft, enabled }: StoredRecord, values: JsonRecord): void {
  if (values['enabled'] !== true || enabled === true || !isObject(draft)) return
  const detail =
    "This function has config staged for review. Publish or discard it before enabling, so you don't turn on config " +
    'nobody looked at.'
  throw invalid('enabled', detail)
}

/** The version of a function after a change. */
export function nextVersion(before: StoredRecord, values: JsonRecord): JsonRecord {
  const version = Number(before['version'] ?? 1)
  const isChanged = comparable(contentOf({ ...before, ...values })) !== comparable(contentOf(before))
  return { version: isChanged ? version + 1 : version }
}

/** Routes of the revisions and the draft of functions. */
export function revisionRoutes(functions: Resource): readonly Route[] {
  const one = `${functions.path}/:id`
  const read = 'hog_function:read'
  const write = 'hog_function:write'
  return [
    actionRoute('POST', `${one}/publish`, write, (call) => publish(functions, call)),
    actionRoute('POST', `${one}/discard_draft`, write, async (call) => {
      const known = findRecord(functions, call)
      const staged = { draft: null, draft_updated_at: null }
      if (known['draft'] === null) return recordResponse(functions, call, known)
      return recordResponse(
        functions,
        call,
        await changeRecord(functions, call, known, staged, 'draft_discarded'),
      )
    }),
    actionRoute('GET', `${one}/revisions`, read, (call) => {
      const found = revisionsOf(call, findRecord(functions, call)).map((revision) => {
        const { content, ...basic } = revisionView(call, revision)
        return basic
      })
      return jsonResponse(200, offsetPage(found, call.url, call.state.pageSize))
    }),
    actionRoute('GET', `${one}/revisions/:version`, read, (call) =>
      jsonResponse(200, revisionView(call, findRevision(call, findRecord(functions, call)))),
    ),
    actionRoute('POST', `${one}/revisions/:version/restore`, write, (call) => restore(functions, call)),
  ]
}

async function publish(functions: Resource, call: Call): Promise<Response> {
  const { confirm, confirm_token: token } = readFields(
    { confirm: boolean({ default: false }), confirm_token: text() },
    call.body,
  )
  const known = findRecord(functions, call)
  const { draft } = known
  if (!isObject(draft)) throw invalid(null, 'This function has no staged draft to publish.')
  const now = call.state.now()
  if (confirm !== true) {
    return jsonResponse(200, {
      published: false,
      draft_updated_at: known['draft_updated_at'],
      confirm_token: signToken(known, now.getTime()),
      changed_fields: CONTENT.filter((name) => !isSame(name, draft, known)).sort(),
      function: null,
    })
  }
  if (known['enabled'] === true) checkToken(known, token, now)
  const published = await patchRecord(functions, call, known, draft)
  const staged = { draft: null, draft_updated_at: null }
  const done = await changeRecord(functions, call, published, staged, 'published')
  return jsonResponse(200, {
    published: true,
    draft_updated_at: null,
    confirm_token: null,
    changed_fields: null,
    function: await recordView(functions, call, done),
  })
}

async function restore(functions: Resource, call: Call): Promise<Response> {
  const { overwrite } = readFields({ overwrite: boolean({ default: false }) }, call.body)
  const known = findRecord(functions, call)
  const { content } = findRevision(call, known)
  if (isObject(known['draft']) && overwrite !== true) {
    const detail =
      'This function has an open draft. Publish or discard it first, or pass overwrite=true to replace it with the ' +
      'restored revision.'
    throw envelope(409, 'server_error', 'draft_exists', detail)
  }
  const staged = { draft: content, draft_updated_at: call.state.now().toISOString() }
  return recordResponse(
    functions,
    call,
    await changeRecord(functions, call, known, staged, 'revision_restored'),
  )
}

function checkToken(known: StoredRecord, token: unknown, now: Date): void {
  if (typeof token !== 'string' || token === '') {
    const detail =
      'Required when confirming a publish. Call publish without confirm first to see what would change and get a token.'
    throw invalid('confirm_token', detail)
  }
  const time = Number(token.split(':')[0])
  if (!/^\d+:[\da-f]{64}$/.test(token)) {
    const detail = 'Invalid. Call publish without confirm first to see what would change and get a token.'
    throw invalid('confirm_token', detail)
  }
  if (now.getTime() - time > TOKEN_MS) {
    throw invalid('confirm_token', 'Expired. Preview the publish again to get a fresh token.')
  }
  if (token === signToken(known, time)) return
  const detail =
    'This function changed since you previewed the publish, either the draft or the live config. Preview again to see ' +
    'where things stand now.'
  throw envelope(409, 'server_error', 'stale_update', detail)
}

function signToken(known: StoredRecord, time: number): string {
  const signed = stableJson([time, known.id, known['draft'], contentOf(known)])
  return `${time}:${createHmac('sha256', SECRET).update(signed).digest('hex')}`
}

function findRevision(call: Call, known: StoredRecord): StoredRecord {
  const version = integerInPath(call, 'version')
  const found = revisionsOf(call, known).find((revision) => revision['version'] === version)
  if (found === undefined) throw notFound('No such revision for this function.')
  return found
}

/** The revisions of a function, newest first. */
function revisionsOf({ state }: Call, { id }: StoredRecord): StoredRecord[] {
  return collectionOf(state, REVISIONS)
    .all()
    .filter((revision) => revision['hog_function'] === id)
    .sort((a, b) => Number(b['version']) - Number(a['version']))
}

function revisionView({ state }: Call, { version, created_at, author, content }: StoredRecord): JsonRecord {
  return { version, created_at, created_by: author === true ? currentUser(state) : null, content }
}

/** The configuration without secret inputs. */
function contentOf(known: JsonRecord): JsonRecord {
  const { inputs, inputs_schema: schema } = known
  const isSecret = (name: string): boolean =>
    Array.isArray(schema) &&
    schema.some((field) => isObject(field) && field['key'] === name && field['secret'] === true)
  const open = Object.entries(isObject(inputs) ? inputs : {}).filter(([name]) => !isSecret(name))
  const content = Object.fromEntries(CONTENT.map((name) => [name, known[name] ?? null]))
  return { ...content, inputs: Object.fromEntries(open) }
}

/** The configuration as text, without what PostHog derives from it. */
function comparable(content: JsonRecord): string {
  const inputs = Object.entries(isObject(content['inputs']) ? content['inputs'] : {}).map(([name, input]) => {
    const { order, bytecode, transpiled, ...given } = isObject(input) ? input : { value: input }
    return [name, given] as const
  })
  return stableJson({ ...content, inputs: Object.fromEntries(inputs) })
}

function isSame(name: string, a: JsonRecord, b: JsonRecord): boolean {
  const pick = (known: JsonRecord): string => comparable({ [name]: contentOf(known)[name] })
  return pick(a) === pick(b)
}
