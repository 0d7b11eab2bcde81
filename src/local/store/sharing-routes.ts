import { isObject } from '../../shared/is-object.ts'
import { invalid, notFound } from '../http/api-error.ts'
import { jsonResponse } from '../http/json.ts'
import type { Action, Call, Route } from '../http/route.ts'
import type { ThrottleClass } from '../http/throttles.ts'
import { USER } from './account.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  randomText,
  type StoredRecord,
} from './collection.ts'
import { boolean, type Fields, json, text } from './fields.ts'
import { readFields } from './read-fields.ts'

const SHARING: CollectionKind = { name: 'sharing', ids: 'integer' }
const PASSWORDS: CollectionKind = { name: 'sharing_passwords', ids: 'integer' }
const FIELDS: Fields = { enabled: boolean(), password_required: boolean(), settings: json() }
const PASSWORD: Fields = { raw_password: text(), note: text({ nullable: true, blank: true }) }
const MIN_PASSWORD_LENGTH = 8

/** Options of `sharingRoutes`. */
export interface SharingOptions {
  /** Path of one record, with its id. */
  readonly path: string
  /** The kind of record, such as `insight`. */
  readonly kind: string
  readonly throttle: ThrottleClass
  /** Returns the id of the requested record; throws ApiError 404 when there is none. */
  readonly idOf: (call: Call) => string | number | Promise<string | number>
}

/** Whether a record is shared. */
export function isShared(call: Call, kind: string, id: string | number): boolean {
  const found = collectionOf(call.state, SHARING)
    .all()
    .find((sharing) => sharing['of'] === `${kind}/${id}`)
  return found?.['enabled'] === true
}

/** Routes for the sharing settings of a kind of record: on or off, token and passwords. */
export function sharingRoutes({ path, kind, throttle, idOf }: SharingOptions): readonly Route[] {
  const withSharing =
    (handle: (call: Call, sharing: StoredRecord) => Promise<Response>): Action['handle'] =>
    async (call) =>
      handle(call, sharingOf(call, `${kind}/${await idOf(call)}`))
  const write = 'sharing_configuration:write'
  const show = async (call: Call, sharing: StoredRecord): Promise<Response> =>
    jsonResponse(200, [view(call, sharing)])
  return [
    {
      path: `${path}/sharing`,
      throttle,
      methods: {
        GET: { scope: 'sharing_configuration:read', handle: withSharing(show) },
        PATCH: { scope: write, handle: withSharing(update) },
      },
    },
    {
      path: `${path}/sharing/refresh`,
      throttle,
      methods: { POST: { scope: write, handle: withSharing(refresh) } },
    },
    {
      path: `${path}/sharing/passwords`,
      throttle,
      methods: { POST: { scope: write, handle: withSharing(addPassword) } },
    },
    {
      path: `${path}/sharing/passwords/:password`,
      throttle,
      methods: { DELETE: { scope: write, handle: withSharing(removePassword) } },
    },
  ]
}

function sharingOf({ state }: Call, of: string): StoredRecord {
  const sharings = collectionOf(state, SHARING)
  const created_at = state.now().toISOString()
  const newSharing = {
    of,
    enabled: false,
    password_required: false,
    settings: null,
    access_token: null,
    created_at,
  }
  return sharings.all().find((sharing) => sharing['of'] === of) ?? sharings.add(newSharing)
}

async function update(call: Call, sharing: StoredRecord): Promise<Response> {
  const values = readFields(FIELDS, call.body, 'change')
  const token = values['enabled'] === true && sharing['access_token'] === null ? randomText(22) : undefined
  return change(call, sharing, { ...values, ...(token === undefined ? {} : { access_token: token }) })
}

function refresh(call: Call, sharing: StoredRecord): Promise<Response> {
  return change(call, sharing, { access_token: randomText(22) })
}

async function change(call: Call, sharing: StoredRecord, values: JsonRecord): Promise<Response> {
  const after = collectionOf(call.state, SHARING).change(sharing.id, values)
  await call.state.persist()
  return jsonResponse(200, view(call, after))
}

async function addPassword(call: Call, sharing: StoredRecord): Promise<Response> {
  const body = readFields(PASSWORD, isObject(call.body) ? call.body : {}, 'change')
  const password = String(body['raw_password'] ?? randomText(16))
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw invalid('raw_password', `Password must be at least ${MIN_PASSWORD_LENGTH} characters long.`)
  }
  const added = collectionOf(call.state, PASSWORDS).add({
    sharing: sharing.id,
    created_at: call.state.now().toISOString(),
    created_by_email: USER.email,
    note: body['note'] ?? null,
    is_active: true,
  })
  await call.state.persist()
  // Only this response shows the password.
  return jsonResponse(200, { ...view(call, sharing), id: added.id, password, note: added['note'] })
}

async function removePassword(call: Call, sharing: StoredRecord): Promise<Response> {
  const passwords = collectionOf(call.state, PASSWORDS)
  const password = passwords.get(call.params['password'])
  if (password === undefined || password['sharing'] !== sharing.id) throw notFound()
  passwords.remove(password.id)
  await call.state.persist()
  return new Response(null, { status: 204 })
}

function view({ state }: Call, { id, of, ...shown }: StoredRecord): JsonRecord {
  const passwords = collectionOf(state, PASSWORDS)
    .all()
    .filter((password) => password['sharing'] === id)
    .map(({ sharing, ...password }) => password)
  return { ...shown, share_passwords: passwords }
}
