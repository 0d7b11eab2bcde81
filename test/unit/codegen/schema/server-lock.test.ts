import { describe, expect, it } from 'vitest'
import {
  parseServerLock,
  renderServerLock,
  type ServerLock,
} from '../../../../src/codegen/schema/server/server-lock.ts'

const lock: ServerLock = {
  lockfileVersion: 1,
  typehog: '1.0.0',
  source: 'https://posthog.example.com',
  day: '2026-03-01',
  sha256: 'abc',
  counts: { server: 1, written: 0, missing: 0 },
  missing: [],
  document: { openapi: '3.0.3', info: { title: '', version: '' }, paths: {} },
}

describe('parseServerLock', () => {
  it('reads the lock of a server whose operations are all in the snapshot', () => {
    expect(parseServerLock(renderServerLock(lock), 'posthog.schema.lock.json')).toEqual(lock)
  })

  it.each([
    [{ ...lock, lockfileVersion: 2 }, /lockfileVersion 1/],
    [{ ...lock, missing: [1] }, /`missing` of the lock/],
    [{ ...lock, document: { openapi: '3.0.3' } }, /`paths` to be an object/],
  ])('rejects %j', (value, message) => {
    expect(() => parseServerLock(JSON.stringify(value), 'file')).toThrow(message)
  })
})
