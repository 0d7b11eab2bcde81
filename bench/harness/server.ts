import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { flagPage } from './flag-page.ts'

// Answers every GET with the same page. It is a process of its own, so that its work is not counted.

const page = JSON.stringify(flagPage)
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(page) }

const server = createServer((request, response) => {
  if (request.method !== 'GET') return response.writeHead(405).end()
  return response.writeHead(200, headers).end(page)
})
// Longer than any pause between two rounds: nobody pays for a new connection.
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  // A server that listens on a port has an AddressInfo.
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('disconnect', () => process.exit())
