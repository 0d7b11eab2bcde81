import { describe, expect, it } from 'vitest'
import { emptyStore } from '../../../src/local/state-file.ts'
import {
  type CollectionContext,
  type CollectionKind,
  collectionOf,
} from '../../../src/local/store/collection.ts'

const NOTES: CollectionKind = { name: 'notes', ids: 'integer' }

function createContext(): CollectionContext {
  return { store: emptyStore(), projectId: 1, projects: [1, 2], hasSample: true, startedAt: new Date(0) }
}

describe('a collection', () => {
  it('assigns ascending integer ids across owners and never reuses an id', () => {
    const context = createContext()
    const first = collectionOf(context, NOTES)
    expect(first.add({ text: 'a' })).toEqual({ id: 1, text: 'a' })
    expect(collectionOf(context, NOTES, 2).add({ text: 'b' }).id).toBe(2)
    first.remove(1)
    expect(first.add({ text: 'c' }).id).toBe(3)
    expect(first.add({ id: 10 }).id).toBe(10)
    expect(first.add({ id: 5 }).id).toBe(5)
    expect(first.add({}).id).toBe(11)
  })

  it('assigns random uuids to records of a uuid kind', () => {
    const events = collectionOf(createContext(), { name: 'events', ids: 'uuid' })
    expect(events.add({}).id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  })

  it('belongs to one owner, by default the first project', () => {
    const context = createContext()
    collectionOf(context, NOTES).add({ text: 'a' })
    expect(collectionOf(context, NOTES, 1).all()).toHaveLength(1)
    expect(collectionOf(context, NOTES, 2).all()).toEqual([])
  })

  it('adds its initial records once', () => {
    const context = createContext()
    const kind: CollectionKind = { ...NOTES, seed: ({ projects }, owner) => [{ owner, projects }] }
    expect(collectionOf(context, kind).all()).toEqual([{ id: 1, owner: '1', projects: [1, 2] }])
    collectionOf(context, kind).remove(1)
    expect(collectionOf(context, kind).all()).toEqual([])
  })

  it('finds, changes and removes a record by an id as a number or text', () => {
    const notes = collectionOf(createContext(), NOTES)
    const { id } = notes.add({ text: 'a', done: false })
    expect(notes.change(String(id), { done: true, id: 99 })).toEqual({ id, text: 'a', done: true })
    expect(notes.get(String(id))).toEqual({ id, text: 'a', done: true })
    notes.remove(String(id))
    notes.remove(id)
    expect(notes.get(id)).toBeUndefined()
  })

  it('rejects a change to a record that does not exist', () => {
    expect(() => collectionOf(createContext(), NOTES).change(7, {})).toThrow(
      'The collection notes has no record 7.',
    )
  })
})
