import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { flagPageAt, flagsPerPage } from './flag-page.ts'

// A list of so many pages, each after so many milliseconds: `<pages> <ms>`. A process of its own.

const [pages = 1, ms = 0] = process.argv.slice(2).map(Number)

const server = createServer((request, response) => {
  const { searchParams, pathname, host } = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const page = Number(searchParams.get('offset') ?? 0) / flagsPerPage
  const next = page + 1 < pages ? `http://${host}${pathname}?offset=${(page + 1) * flagsPerPage}` : null
  setTimeout(() => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...flagPageAt(page), count: pages * flagsPerPage, next }))
  }, ms)
})
server.listen(0, '127.0.0.1', () => {
  // A server that listens on a port has an AddressInfo.
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('disconnect', () => process.exit())
