import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { hogql } from '../../../src/runtime/hogql/hogql.ts'
import { clientOf, json, scriptedServer } from '../fake-server.ts'

const cohorts = { results: [{ id: 7, name: 'Paying' }], next: null }

describe('a test', () => {
  it('can spy on the client, its resources and `hogql`', async () => {
    const server = scriptedServer(() => json(cohorts))
    const posthog = clientOf(server)
    const replaced = { rows: [], complete: true } as never
    vi.spyOn(posthog, 'request').mockReturnValue(Promise.resolve('request') as never)
    vi.spyOn(posthog.cohorts, 'get').mockReturnValue(Promise.resolve('cohort') as never)
    vi.spyOn(posthog.warehouse.tables, 'get').mockReturnValue(Promise.resolve('table') as never)
    vi.spyOn(posthog.hogql, 'all').mockReturnValue(Promise.resolve({ users: replaced }) as never)
    expect(await posthog.request('GET /api/users/{uuid}/', { path: { uuid: '@me' } })).toBe('request')
    expect(await posthog.cohorts.get(7)).toBe('cohort')
    expect(await posthog.warehouse.tables.get('7')).toBe('table')
    expect(await posthog.hogql.all({ users: hogql`select 1` })).toEqual({ users: replaced })
    vi.spyOn(posthog, 'hogql').mockReturnValue(Promise.resolve(replaced) as never)
    expect(await posthog.hogql`select 1`).toBe(replaced)
    expect(server.requests).toEqual([])
  })

  it('can spy without replacing, also on detached methods', async () => {
    const posthog = clientOf(scriptedServer(() => json(cohorts.results[0])))
    const spy = vi.spyOn(posthog.cohorts, 'get')
    const { get } = posthog.cohorts
    expect(await get(7)).toMatchObject({ id: 7 })
    expect(spy).toHaveBeenCalledWith(7)
  })

  it('sees the methods of a logged resource', () => {
    const text = inspect(clientOf(scriptedServer()).cohorts)
    for (const name of ['list', 'get', 'create', 'update', 'delete', 'restore'])
      expect(text).toContain(`${name}:`)
  })

  it('cannot change the configuration', () => {
    expect(Object.isFrozen(clientOf(scriptedServer()).config)).toBe(true)
  })
})
