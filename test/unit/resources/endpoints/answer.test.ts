import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../../src/resources/endpoints/endpoint-result.ts'

const typed = {
  columns: ['a'],
  types: [['a', 'String']],
  hasMore: true,
  limit: 10,
  offset: 0,
  is_cached: true,
  last_refresh: '2026-01-01T00:00:00Z',
  cache_target_age: '2026-01-02T00:00:00Z',
  next_allowed_client_refresh: '2026-01-01T00:03:00Z',
  timezone: 'UTC',
  execution_id: 'e1',
  endpoint_version: 3,
  endpoint_version_created_at: '2026-01-01T00:00:00Z',
  endpoint_materialized: false,
  endpoint_materialized_at: '2026-01-01T00:00:00Z',
}

describe('reading the answer of a run', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '{"results":[]}'],
    ['a number', 7],
    ['a list', [{ results: [] }]],
    ['an object without results', { result: [], columns: ['a'] }],
    ['an error that came with 200', { type: 'validation_error', detail: 'x' }],
  ])('refuses %s, and names the endpoint', (_, value) => {
    expect(() => readAnswer(value, 'traffic')).toThrow(
      expect.objectContaining({ name: 'DecodeError', message: expect.stringContaining('"traffic"') }),
    )
  })

  it.each([[[]], [null], [{}], [0], ['text']])('takes %j as results', (results) => {
    expect(readAnswer({ results }, 'traffic')).toEqual({ results })
  })

  it('keeps every field of the right type', () => {
    expect(readAnswer({ results: [], ...typed }, 'traffic')).toEqual({ results: [], ...typed })
  })

  it.each(Object.keys(typed))('takes %s as missing when it has another type', (name) => {
    for (const wrong of [null, undefined, {}, () => {}, Symbol.iterator]) {
      expect(readAnswer({ results: [], ...typed, [name]: wrong }, 'traffic')).not.toHaveProperty(name)
    }
  })

  it('takes columns as missing when one of them is no text', () => {
    expect(readAnswer({ results: [], columns: ['a', 1] }, 'traffic')).toEqual({ results: [] })
  })

  it('drops fields that are not relied upon', () => {
    expect(readAnswer({ results: [], clickhouse: 'SELECT 1' }, 'traffic')).toEqual({ results: [] })
  })

  it('reads any JSON object with results', () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(fields, fc.jsonValue(), (others, results) => {
        expect(readAnswer({ ...others, results }, 'x')).toHaveProperty('results')
      }),
    )
  })

  it('rejects any JSON without results', () => {
    const withoutResults = fc
      .jsonValue()
      .filter((value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, 'results'))
    fc.assert(
      fc.property(withoutResults, (value) => {
        expect(() => readAnswer(value, 'x')).toThrow(/"results"/)
      }),
    )
  })
})
