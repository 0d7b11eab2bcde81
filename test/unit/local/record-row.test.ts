import { describe, expect, it } from 'vitest'
import { parseFields } from '../../../src/hogql/schema/field-table.ts'
import type { Table } from '../../../src/hogql/schema/table.ts'
import { rowOf } from '../../../src/local/queries/record-row.ts'

const table = (fields: string): Table => ({
  name: 'things',
  source: { kind: 'records', name: 'things' },
  fields: parseFields(fields),
})

describe('rowOf', () => {
  it('has the values of all columns in their types', () => {
    const fields =
      'id String\nteam_id Integer\ndeleted flag\nat DateTime\nday Date\nsettings Json\nurls Texts\nsize Float?'
    const record = {
      id: 7,
      deleted: true,
      at: '2026-11-20T10:00:00+01:00',
      day: new Date('2026-11-20T10:00:00Z'),
      settings: { a: [1] },
      urls: ['a'],
      other: 1,
    }
    expect(rowOf(table(fields), 3, record)).toEqual({
      id: '7',
      team_id: 3,
      _deleted: true,
      at: '2026-11-20T09:00:00.000Z',
      day: '2026-11-20',
      settings: '{"a":[1]}',
      urls: ['a'],
      size: null,
    })
  })

  it('refuses a record without a value that must not be NULL', () => {
    expect(() => rowOf(table('name String'), 1, { name: null })).toThrow(
      'A record of the table things has no value for name.',
    )
  })
})
