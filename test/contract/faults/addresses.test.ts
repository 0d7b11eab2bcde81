import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/local/faults/fault.ts'
import { faults } from '../../../src/local/faults/faults.ts'
import { loop, read, reading, write, writing } from './calls.ts'
import { play } from './scenario.ts'
import { type ServerProcess, startServers } from './server-process.ts'

let servers: ServerProcess
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

const statuses = [301, 302, 303, 307, 308] as const

describe('a redirect', () => {
  it.each(statuses)('by %i within the origin is followed for a read', async (status) => {
    const target = '/api/projects/1/endpoints/?limit=7'
    const { outcome, requests } = await play(servers, { faults: [faults.redirect(target, { status })] }, read)
    expect(outcome).toMatchObject({ value: { results: [] } })
    expect(requests).toEqual([reading, `GET ${target}`])
  })

  it.each(statuses)('by %i within the origin is refused for a write', async (status) => {
    const fault = faults.redirect('/api/projects/1/endpoints/', { status })
    const { outcome, requests } = await play(servers, { faults: [fault] }, write)
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining('does not send a POST twice') },
    })
    expect(requests).toEqual([writing])
  })

  it.each(statuses)('by %i to another origin is refused for both', async (status) => {
    for (const [run, request] of [
      [read, reading],
      [write, writing],
    ] as const) {
      const fault = faults.redirect(`${servers.otherOriginUrl}/api/`, { status })
      const { outcome, requests } = await play(servers, { faults: [fault] }, run)
      expect(outcome).toMatchObject({ error: { fix: expect.any(String) } })
      expect(requests).toEqual([request])
    }
  })

  it('by a path without a host is within the origin, by two slashes it is not', async () => {
    const near = await play(servers, { faults: [faults.redirect('../endpoints/?limit=3')] }, read)
    expect(near.requests).toEqual([reading, 'GET /api/projects/1/endpoints/?limit=3'])
    const far = servers.otherOriginUrl.replace('http:', '')
    const { outcome, requests } = await play(servers, { faults: [faults.redirect(`${far}/`)] }, read)
    expect(outcome).toHaveProperty('error')
    expect(requests).toEqual([reading])
  })

  it('in a circle ends', async () => {
    const circle = faults.redirect(reading.slice(4), { times: 6 })
    const { outcome, requests } = await play(servers, { faults: [circle] }, read)
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining('redirect') } })
    expect(requests).toHaveLength(6)
  })

  it('to nowhere is told as it is', async () => {
    const { outcome, requests } = await play(servers, { faults: [{ status: 302 }] }, read)
    expect(outcome).toMatchObject({ error: { status: 302 } })
    expect(requests).toEqual([reading])
  })
})

const page = (next: string | null, ...names: string[]): Fault => ({
  status: 200,
  body: { count: 9, next, previous: null, results: names.map((name) => ({ id: name, name })) },
})

describe('a list whose next page', () => {
  it('has the whole address, another scheme, or another host, is asked for here all the same', async () => {
    const path = '/api/projects/1/endpoints/?limit=2&offset=2'
    for (const next of [
      `${servers.url}${path}`,
      `${servers.url.replace('http:', 'https:')}${path}`,
      `${servers.otherOriginUrl}${path}`,
      path,
      '?limit=2&offset=2',
    ]) {
      const { outcome, requests } = await play(
        servers,
        { faults: [page(next, 'a', 'b'), page(null, 'c')] },
        loop,
      )
      expect(outcome).toEqual({ value: ['a', 'b', 'c'] })
      expect(requests).toEqual([reading, `GET ${path}`])
    }
  })

  it('came before, ends the list with an error and keeps what was read', async () => {
    const next = '/api/projects/1/endpoints/?offset=1'
    const { outcome, requests } = await play(servers, { faults: [page(next, 'a'), page(next, 'b')] }, loop)
    expect(outcome).toMatchObject({ error: { name: 'DecodeError', cursor: 'offset=1' } })
    expect(requests).toHaveLength(2)
  })

  it('is the first one again, ends the list too', async () => {
    const { outcome, requests } = await play(
      servers,
      { faults: [page('/api/projects/1/endpoints/', 'a')] },
      loop,
    )
    expect(outcome).toMatchObject({ error: { name: 'DecodeError' } })
    expect(requests).toHaveLength(1)
  })

  it('is empty and goes on, goes on', async () => {
    const pages = [page('?offset=1', 'a'), page('?offset=2'), page('?offset=3'), page(null, 'b')]
    const { outcome, requests } = await play(servers, { faults: pages }, loop)
    expect(outcome).toEqual({ value: ['a', 'b'] })
    expect(requests).toHaveLength(4)
  })

  it('breaks, is asked for again and nothing is lost or doubled', async () => {
    const pages = [
      page('?offset=1', 'a'),
      { reset: 'mid-body' as const },
      faults.badGateway(),
      page(null, 'b'),
    ]
    const { outcome, requests } = await play(servers, { faults: pages }, loop)
    expect(outcome).toEqual({ value: ['a', 'b'] })
    expect(requests).toHaveLength(4)
  })

  it('stays broken, tells where to go on', async () => {
    const pages = [page('?offset=1', 'a'), faults.badGateway({ times: 3 })]
    const { outcome } = await play(servers, { faults: pages }, loop)
    expect(outcome).toMatchObject({ error: { status: 502, cursor: 'offset=1' } })
  })

  it('is a page of HTML, is an error', async () => {
    const { outcome } = await play(servers, { faults: [page('?offset=1', 'a'), faults.loginPage()] }, loop)
    expect(outcome).toMatchObject({ error: { name: 'DecodeError', cursor: 'offset=1' } })
  })
})
