import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startLocalPostHog } from '../../../src/local/local-posthog.ts'
import type { Asked, Told } from './server-process.ts'

// A local PostHog, and a second server that nobody may send a key to, in a process of their own: what stays open in
// the process of the tests is the client's then.

const posthog = await startLocalPostHog({ events: 20, throttle: false })
const { url } = await posthog.listen()
const unexpectedOrigins: string[] = []
const elsewhere = createServer((request, reply) => {
  unexpectedOrigins.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
  reply.end('{"results":[]}')
})
await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
// A server that listens on a port has an AddressInfo.
const otherOriginUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`

const tell = (told: Told): void => {
  process.send?.(told)
}
let seen = 0
process.on('message', ({ id, faults }: Asked) => {
  if (faults === undefined) return tell({ id, count: posthog.requests.length - seen })
  const requests = posthog.requests.slice(seen)
  seen = posthog.requests.length
  const pending = posthog.faults.pending.length
  posthog.faults.clear()
  posthog.faults.add(...faults)
  tell({ id, requests, unexpectedOrigins: unexpectedOrigins.splice(0), pending })
})
process.once('disconnect', () => process.exit())
tell({ id: 0, url, otherOriginUrl, key: posthog.personalApiKey })
