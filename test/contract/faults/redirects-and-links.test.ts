import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/local/faults/fault.ts'
import { faults } from '../../../src/local/faults/faults.ts'
import { listNames, read, readRequest, runScenario, write, writeRequest } from './scenario.ts'
import { type ServerProcess, startServers } from './server-process.ts'

let servers: ServerProcess
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

const statuses = [301, 302, 303, 307, 308] as const

describe('a redirect', () => {
  it.each(statuses)('with %i within the origin is followed for a read', async (status) => {
    const target = '/api/projects/1/endpoints/?limit=7'
    const { outcome, requests } = await runScenario(
      servers,
      { faults: [faults.redirect(target, { status })] },
      read,
    )
    expect(outcome).toMatchObject({ value: { results: [] } })
    expect(requests).toEqual([readRequest, `GET ${target}`])
  })

  it.each(statuses)('with %i within the origin is rejected for a write', async (status) => {
    const fault = faults.redirect('/api/projects/1/endpoints/', { status })
    const { outcome, requests } = await runScenario(servers, { faults: [fault] }, write)
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining('does not send a POST twice') },
    })
    expect(requests).toEqual([writeRequest])
  })

  it.each(statuses)('with %i to another origin is rejected for reads and writes', async (status) => {
    for (const [run, request] of [
      [read, readRequest],
      [write, writeRequest],
    ] as const) {
      const fault = faults.redirect(`${servers.otherOriginUrl}/api/`, { status })
      const { outcome, requests } = await runScenario(servers, { faults: [fault] }, run)
      expect(outcome).toMatchObject({ error: { fix: expect.any(String) } })
      expect(requests).toEqual([request])
    }
  })

  it('to a relative path stays within the origin, to a URL with two slashes it does not', async () => {
    const near = await runScenario(servers, { faults: [faults.redirect('../endpoints/?limit=3')] }, read)
    expect(near.requests).toEqual([readRequest, 'GET /api/projects/1/endpoints/?limit=3'])
    const far = servers.otherOriginUrl.replace('http:', '')
    const { outcome, requests } = await runScenario(servers, { faults: [faults.redirect(`${far}/`)] }, read)
    expect(outcome).toHaveProperty('error')
    expect(requests).toEqual([readRequest])
  })

  it('loop is stopped', async () => {
    const circle = faults.redirect(readRequest.slice(4), { times: 6 })
    const { outcome, requests } = await runScenario(servers, { faults: [circle] }, read)
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining('redirect') } })
    expect(requests).toHaveLength(6)
  })

  it('without a location is an error with its status', async () => {
    const { outcome, requests } = await runScenario(servers, { faults: [{ status: 302 }] }, read)
    expect(outcome).toMatchObject({ error: { status: 302 } })
    expect(requests).toEqual([readRequest])
  })
})

const page = (next: string | null, ...names: string[]): Fault => ({
  status: 200,
  body: { count: 9, next, previous: null, results: names.map((name) => ({ id: name, name })) },
})

describe('a list whose next page', () => {
  it('is a full URL, or has another scheme or host, is requested from the configured host', async () => {
    const path = '/api/projects/1/endpoints/?limit=2&offset=2'
    for (const next of [
      `${servers.url}${path}`,
      `${servers.url.replace('http:', 'https:')}${path}`,
      `${servers.otherOriginUrl}${path}`,
      path,
      '?limit=2&offset=2',
    ]) {
      const { outcome, requests } = await runScenario(
        servers,
        { faults: [page(next, 'a', 'b'), page(null, 'c')] },
        listNames,
      )
      expect(outcome).toEqual({ value: ['a', 'b', 'c'] })
      expect(requests).toEqual([readRequest, `GET ${path}`])
    }
  })

  it('was already read ends with an error that has the cursor', async () => {
    const next = '/api/projects/1/endpoints/?offset=1'
    const { outcome, requests } = await runScenario(
      servers,
      { faults: [page(next, 'a'), page(next, 'b')] },
      listNames,
    )
    expect(outcome).toMatchObject({ error: { name: 'DecodeError', cursor: 'offset=1' } })
    expect(requests).toHaveLength(2)
  })

  it('is the first page ends with an error', async () => {
    const { outcome, requests } = await runScenario(
      servers,
      { faults: [page('/api/projects/1/endpoints/', 'a')] },
      listNames,
    )
    expect(outcome).toMatchObject({ error: { name: 'DecodeError' } })
    expect(requests).toHaveLength(1)
  })

  it('is empty but has a next page continues', async () => {
    const pages = [page('?offset=1', 'a'), page('?offset=2'), page('?offset=3'), page(null, 'b')]
    const { outcome, requests } = await runScenario(servers, { faults: pages }, listNames)
    expect(outcome).toEqual({ value: ['a', 'b'] })
    expect(requests).toHaveLength(4)
  })

  it('fails is retried without losing or repeating items', async () => {
    const pages = [
      page('?offset=1', 'a'),
      { reset: 'mid-body' as const },
      faults.badGateway(),
      page(null, 'b'),
    ]
    const { outcome, requests } = await runScenario(servers, { faults: pages }, listNames)
    expect(outcome).toEqual({ value: ['a', 'b'] })
    expect(requests).toHaveLength(4)
  })

  it('keeps failing ends with an error that has the cursor', async () => {
    const pages = [page('?offset=1', 'a'), faults.badGateway({ times: 3 })]
    const { outcome } = await runScenario(servers, { faults: pages }, listNames)
    expect(outcome).toMatchObject({ error: { status: 502, cursor: 'offset=1' } })
  })

  it('is an HTML page ends with an error that has the cursor', async () => {
    const { outcome } = await runScenario(
      servers,
      { faults: [page('?offset=1', 'a'), faults.loginPage()] },
      listNames,
    )
    expect(outcome).toMatchObject({ error: { name: 'DecodeError', cursor: 'offset=1' } })
  })
})
