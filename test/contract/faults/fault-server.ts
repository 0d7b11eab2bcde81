import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startLocalPostHog } from '../../../src/local/local-posthog.ts'
import type { Command, Reply } from './server-process.ts'

// A local PostHog and a second server that must never receive a key. They have their own process, so that every open
// handle in the process of the tests belongs to the client.

const posthog = await startLocalPostHog({ events: 20, throttle: false })
const { url } = await posthog.listen()
const unexpectedOrigins: string[] = []
const otherServer = createServer((request, reply) => {
  unexpectedOrigins.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
  reply.end('{"results":[]}')
})
await new Promise<void>((resolve) => otherServer.listen(0, '127.0.0.1', resolve))
// A server that listens on a port has an AddressInfo.
const otherOriginUrl = `http://127.0.0.1:${(otherServer.address() as AddressInfo).port}`

const send = (reply: Reply): void => {
  process.send?.(reply)
}
let reported = 0
process.on('message', ({ id, faults }: Command) => {
  if (faults === undefined) return send({ id, count: posthog.requests.length - reported })
  const requests = posthog.requests.slice(reported)
  reported = posthog.requests.length
  const unusedFaults = posthog.faults.pending.length
  posthog.faults.clear()
  posthog.faults.add(...faults)
  send({ id, requests, unexpectedOrigins: unexpectedOrigins.splice(0), unusedFaults })
})
process.once('disconnect', () => process.exit())
send({ id: 0, url, otherOriginUrl, key: posthog.personalApiKey })
