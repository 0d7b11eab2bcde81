import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRunResponse } from '../../../../src/resources/endpoints/endpoint-result.ts'

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

describe('readRunResponse', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '{"results":[]}'],
    ['a number', 7],
    ['an array', [{ results: [] }]],
    ['an object without results', { result: [], columns: ['a'] }],
    ['an error with status 200', { type: 'validation_error', detail: 'x' }],
  ])('rejects %s, naming the endpoint', (_, value) => {
    expect(() => readRunResponse(value, 'traffic')).toThrow(
      expect.objectContaining({ name: 'DecodeError', message: expect.stringContaining('"traffic"') }),
    )
  })

  it.each([[[]], [null], [{}], [0], ['text']])('accepts %j as results', (results) => {
    expect(readRunResponse({ results }, 'traffic')).toEqual({ results })
  })

  it('keeps every field of the expected type', () => {
    expect(readRunResponse({ results: [], ...typed }, 'traffic')).toEqual({ results: [], ...typed })
  })

  it.each(Object.keys(typed))('treats %s as missing if it has another type', (name) => {
    for (const wrong of [null, undefined, {}, () => {}, Symbol.iterator]) {
      expect(readRunResponse({ results: [], ...typed, [name]: wrong }, 'traffic')).not.toHaveProperty(name)
    }
  })

  it('treats columns as missing if one of them is not a string', () => {
    expect(readRunResponse({ results: [], columns: ['a', 1] }, 'traffic')).toEqual({ results: [] })
  })

  it('drops unknown fields', () => {
    expect(readRunResponse({ results: [], clickhouse: 'SELECT 1' }, 'traffic')).toEqual({ results: [] })
  })

  it('accepts any JSON object with results', () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(fields, fc.jsonValue(), (others, results) => {
        expect(readRunResponse({ ...others, results }, 'x')).toHaveProperty('results', results)
      }),
    )
  })

  it('rejects any other JSON value', () => {
    const hasResults = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, 'results')
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => !hasResults(value)),
        (value) => {
          expect(() => readRunResponse(value, 'x')).toThrow(/"results"/)
        },
      ),
    )
  })
})
