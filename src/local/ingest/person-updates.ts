import { isObject } from '../../shared/is-object.ts'
import {
  addDistinctIds,
  addPersons,
  deleteRows,
  distinctIdsOf,
  moveDistinctIds,
  type PersonRow,
  personsOf,
  readPersons,
  savePersons,
} from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import type { CapturedEvent } from './captured-event.ts'

/** The changes that the events of one request make to persons. */
export class PersonUpdates {
  readonly #state: ServerState
  /** Person uuids by distinct id. */
  readonly #owners: Map<string, string>
  readonly #persons: Map<string, PersonRow>
  readonly #added = new Set<string>()
  readonly #changed = new Set<string>()
  readonly #newIds = new Map<string, string>()

  private constructor(state: ServerState, owners: Map<string, string>, persons: readonly PersonRow[]) {
    this.#state = state
    this.#owners = owners
    this.#persons = new Map(persons.map((row) => [row.uuid, row]))
  }

  /** Reads the persons of distinct ids before their updates. */
  static async read(state: ServerState, distinctIds: ReadonlySet<string>): Promise<PersonUpdates> {
    const owners = await personsOf(state, [...distinctIds])
    return new PersonUpdates(state, owners, await readPersons(state, [...owners.values()]))
  }

  /** Applies an event and returns its person after it. Call `link` before if `linksIds(event)`. */
  apply(event: CapturedEvent): PersonRow {
    const other = otherId(event)
    const before = this.#personOf(event.distinctId, event.timestamp)
    const isIdentified = before.isIdentified || other !== undefined || event.event === '$identify'
    const properties = applyPropertyChanges(before.properties, event.properties)
    if (isIdentified === before.isIdentified && properties === before.properties) return before
    const after = { ...before, isIdentified, properties }
    this.#persons.set(after.uuid, after)
    this.#changed.add(after.uuid)
    return after
  }

  /** Writes the changes to the tables. */
  async save(): Promise<void> {
    const rows = [...this.#added].flatMap((uuid) => this.#persons.get(uuid) ?? [])
    await addPersons(this.#state, rows)
    await addDistinctIds(this.#state, [...this.#newIds])
    const changed = [...this.#changed].filter((uuid) => !this.#added.has(uuid))
    await savePersons(
      this.#state,
      changed.flatMap((uuid) => this.#persons.get(uuid) ?? []),
    )
    for (const set of [this.#added, this.#changed, this.#newIds]) set.clear()
  }

  /** Whether `link` merges two persons. */
  merges(event: CapturedEvent): boolean {
    const into = this.#find(event.distinctId)
    const from = this.#find(otherId(event) ?? event.distinctId)
    return into !== undefined && from !== undefined && into.uuid !== from.uuid && !from.isIdentified
  }

  #find(id: string): PersonRow | undefined {
    return this.#persons.get(this.#owners.get(id) ?? '')
  }

  /** Finds the person of a distinct id, or creates one. */
  #personOf(id: string, at: Date): PersonRow {
    const existing = this.#find(id)
    if (existing !== undefined) return existing
    const row: PersonRow = {
      uuid: crypto.randomUUID(),
      createdAt: at.toISOString(),
      properties: {},
      isIdentified: false,
    }
    this.#persons.set(row.uuid, row)
    this.#added.add(row.uuid)
    this.#assign(id, row.uuid)
    return row
  }

  #assign(id: string, uuid: string): void {
    this.#owners.set(id, uuid)
    this.#newIds.set(id, uuid)
  }

  /** Assigns the other distinct id of an event to its person. Merges the persons if both ids have one. */
  async link(event: CapturedEvent): Promise<void> {
    const { distinctId, timestamp } = event
    const other = otherId(event)
    if (other === undefined) return
    const into = this.#find(distinctId)
    const from = this.#find(other)
    if (into === undefined && from === undefined) {
      this.#assign(other, this.#personOf(distinctId, timestamp).uuid)
    } else if (into === undefined && from !== undefined) this.#assign(distinctId, from.uuid)
    else if (into !== undefined && from === undefined) this.#assign(other, into.uuid)
    else if (into !== undefined && from !== undefined && into.uuid !== from.uuid && !from.isIdentified) {
      await this.#merge(into, from)
    }
  }

  /** Merges an anonymous person into another person. */
  async #merge(into: PersonRow, from: PersonRow): Promise<void> {
    await this.save()
    const ids = (await distinctIdsOf(this.#state, [from.uuid])).get(from.uuid) ?? []
    await moveDistinctIds(this.#state, ids, into.uuid)
    await deleteRows(this.#state, 'persons', [from.uuid])
    for (const id of ids) this.#owners.set(id, into.uuid)
    this.#persons.delete(from.uuid)
    this.#persons.set(into.uuid, { ...into, properties: { ...from.properties, ...into.properties } })
    this.#changed.add(into.uuid)
  }
}

/** Whether an event assigns another distinct id to its person. */
export function linksIds(event: CapturedEvent): boolean {
  const other = otherId(event)
  return other !== undefined && other !== event.distinctId
}

/** Adds the distinct ids of an event to a set. */
export function addDistinctIdsOf(
  event: Pick<CapturedEvent, 'event' | 'distinctId' | 'properties'>,
  ids: Set<string>,
): void {
  ids.add(event.distinctId)
  const other = otherId(event)
  if (other !== undefined) ids.add(other)
}

/** The other distinct id that an event assigns to the same person. */
function otherId({ event, properties }: Pick<CapturedEvent, 'event' | 'properties'>): string | undefined {
  const name = event === '$identify' ? '$anon_distinct_id' : event === '$create_alias' ? 'alias' : undefined
  const value = name === undefined ? undefined : properties[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Returns `before` itself if nothing changes. */
function applyPropertyChanges(
  before: PersonRow['properties'],
  { $set, $set_once, $unset }: Readonly<Record<string, unknown>>,
): PersonRow['properties'] {
  if ($set === undefined && $set_once === undefined && $unset === undefined) return before
  const after = {
    ...(isObject($set_once) ? $set_once : {}),
    ...before,
    ...(isObject($set) ? $set : {}),
  }
  const unset = Array.isArray($unset) ? $unset.map(String) : isObject($unset) ? Object.keys($unset) : []
  const properties = Object.fromEntries(Object.entries(after).filter(([name]) => !unset.includes(name)))
  return JSON.stringify(properties) === JSON.stringify(before) ? before : properties
}
