import type { ServerState } from '../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type Identified,
  type JsonRecord,
  type StoredRecord,
} from '../store/collection.ts'

/** Reads the records of a table. Members that the table has no field for are ignored. */
export type RecordReader = (
  state: ServerState,
  project: number,
) => readonly JsonRecord[] | Promise<readonly JsonRecord[]>

/** Reads a collection that all projects share, with more members for each record. */
export function allOf<T extends Identified & JsonRecord = StoredRecord>(
  kind: CollectionKind<T>,
  more: (record: T, state: ServerState) => JsonRecord = () => ({}),
): RecordReader {
  return (state) =>
    collectionOf(state, kind)
      .all()
      .map((record) => ({ ...record, ...more(record, state) }))
}
