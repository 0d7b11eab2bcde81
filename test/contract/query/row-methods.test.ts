import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hogql, RowCountError, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 200 }))
})
afterAll(() => local.close())

const first = (count: number) => hogql<{ n: number }>`select number as n from numbers(${count})`

describe('maybeOne and oneOrThrow', () => {
  it('return the only row', async () => {
    expect(await posthog.hogql(first(1)).maybeOne()).toEqual({ n: 0 })
    expect(await posthog.hogql(first(1)).oneOrThrow()).toEqual({ n: 0 })
  })

  it('differ for no row', async () => {
    expect(await posthog.hogql(first(0)).maybeOne()).toBeUndefined()
    const error = await posthog
      .hogql(first(0))
      .oneOrThrow()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RowCountError)
    expect(error).toMatchObject({
      rows: 0,
      message: 'Expected exactly one row, got 0.',
      docs: expect.stringContaining('errors.md#rowcounterror'),
    })
  })

  it('reject several rows', async () => {
    await expect(posthog.hogql(first(3)).maybeOne()).rejects.toMatchObject({ kind: 'row_count', rows: 3 })
    await expect(posthog.hogql(first(3)).oneOrThrow()).rejects.toThrow('Expected exactly one row, got 3.')
  })
})

describe('toResponse', () => {
  const stream = (pageSize = 50) => posthog.hogql(first(120)).stream({ orderBy: ['n'], pageSize })

  it('writes all rows as NDJSON', async () => {
    const response = stream().toResponse()
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const rows = (await response.text()).trimEnd().split('\n')
    expect(rows.map((row) => JSON.parse(row))).toEqual(Array.from({ length: 120 }, (_, n) => ({ n })))
  })

  it('writes CSV with one header line and the given headers', async () => {
    const headers = { 'content-disposition': 'attachment; filename="rows.csv"' }
    const response = stream().toResponse({ format: 'csv', headers })
    expect(response.headers.get('content-disposition')).toBe(headers['content-disposition'])
    const lines = (await response.text()).trimEnd().split('\r\n')
    expect(lines).toHaveLength(121)
    expect(lines.slice(0, 2)).toEqual(['n', '0'])
  })

  it('reads a page only when the client asks for more, and stops when it leaves', async () => {
    const before = local.requests.length
    const reader = (stream(10).toResponse().body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    const afterOnePage = local.requests.length - before
    await reader.cancel()
    expect(afterOnePage).toBeLessThanOrEqual(4)
    expect(local.requests.length - before).toBe(afterOnePage)
  })

  it('breaks the body off after a failure', async () => {
    local.faults.add({ path: '/query/', status: 400, skip: 2, times: 5 })
    const text = stream(10).toResponse().text()
    await expect(text).rejects.toThrow()
    local.faults.clear()
  })

  it('rejects an unknown format', () => {
    expect(() => stream().toResponse({ format: 'xml' as never })).toThrow('`format`')
  })
})
