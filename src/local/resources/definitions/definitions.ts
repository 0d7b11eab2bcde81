import { isoTime } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'

/** Members that event and property definitions share. */
interface Definition extends StoredRecord {
  readonly id: string
  readonly name: string
  readonly tags: readonly string[]
  readonly verified: boolean
  readonly verified_at: string | null
  readonly hidden: boolean
}

/** A stored event definition. */
export interface EventDefinition extends Definition {
  readonly last_seen_at: string | null
}

/** What a property belongs to. */
export type DataOwner = 'event' | 'person'

/** A stored property definition. */
export interface PropertyDefinition extends Definition {
  readonly of: DataOwner | 'group'
  /** Index of the group type of a group property. */
  readonly group_type_index?: number
  readonly property_type: string | null
}

export const EVENT_DEFINITIONS: CollectionKind<EventDefinition> = { name: 'event_definitions', ids: 'uuid' }
export const PROPERTY_DEFINITIONS: CollectionKind<PropertyDefinition> = {
  name: 'property_definitions',
  ids: 'uuid',
}
/** Deletion times of definitions. Data that arrives later recreates a definition. */
const DELETIONS: CollectionKind = { name: 'definition_deletions', ids: 'uuid' }

/** Adds definitions of new events in the table, and updates `last_seen_at` of the others. */
export async function syncEventDefinitions({ state }: Pick<Call, 'state'>): Promise<void> {
  if (!state.engine.available) return
  const definitions = collectionOf(state, EVENT_DEFINITIONS)
  const { rows } = await state.engine.query(
    `SELECT event, min(timestamp), max(timestamp), max(created_at) FROM ${state.engine.database}.events
     GROUP BY event ORDER BY event`,
    {},
  )
  for (const [event, first, last, added] of rows) {
    const name = String(event)
    const last_seen_at = isoTime(last)
    const known = definitions.all().find((definition) => definition.name === name)
    if (known !== undefined) definitions.change(known.id, { last_seen_at })
    else if (!wasDeleted(state, EVENT_DEFINITIONS.name, name, isoTime(added))) {
      definitions.add({ name, last_seen_at, ...newEventDefinition(), ...createdAt(isoTime(first)) })
    }
  }
  await state.persist()
}

/** Members of a new event definition. */
export function newEventDefinition(): JsonRecord {
  return {
    owner: null,
    default_columns: [],
    promoted_property: null,
    enforcement_mode: 'allow',
    ...UNVERIFIED,
  }
}

const UNVERIFIED: JsonRecord = {
  description: null,
  tags: [],
  verified: false,
  verified_at: null,
  hidden: false,
}

/** Members of a new property definition. */
export function newDefinition(at: Date): JsonRecord {
  return { ...UNVERIFIED, ...createdAt(at.toISOString()) }
}

function createdAt(at: string): JsonRecord {
  return { created_at: at, updated_at: at }
}

/** Records the deletion of a definition. `of` distinguishes definitions with the same name. */
export function recordDeletion(state: ServerState, of: string, name: string): void {
  collectionOf(state, DELETIONS).add({ of, name, at: state.now().toISOString() })
}

/** Whether a definition was deleted after its data was added, at an ISO 8601 time. */
export function wasDeleted(state: ServerState, of: string, name: string, dataAddedAt: string): boolean {
  return collectionOf(state, DELETIONS)
    .all()
    .some(
      (deletion) =>
        deletion['of'] === of &&
        deletion['name'] === name &&
        Date.parse(String(deletion['at'])) >= Date.parse(dataAddedAt),
    )
}

/**
 * Reads `verified` and `hidden` of a body; null leaves them unchanged.
 *
 * @throws ApiError 400 when both are true.
 */
export function readVerification(
  { verified, hidden }: JsonRecord,
  before: JsonRecord,
  now: Date,
): JsonRecord {
  if (hidden === true && verified === true) {
    throw invalid(null, 'A definition cannot be both hidden and verified')
  }
  const isVerified = hidden !== true && (verified ?? before['verified']) === true
  const verifiedAt = isVerified ? now.toISOString() : null
  return {
    hidden: hidden ?? before['hidden'],
    verified: isVerified,
    verified_at: isVerified === before['verified'] ? before['verified_at'] : verifiedAt,
  }
}

/** Runs `sync` before every handler of some routes. */
export function afterSync(sync: (call: Call) => Promise<void>, routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => {
    const actions = Object.entries(route.methods).map(([method, action]) => {
      const handle = async (call: Call): Promise<Response> => {
        await sync(call)
        return action.handle(call)
      }
      return [method, { ...action, handle }] as const
    })
    return { ...route, methods: Object.fromEntries(actions) }
  })
}
