import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { emptyBody, rowsBody } from './rows-body.ts'

// Answers every query with the same long answer, and one for no rows with none.

const { body, rows } = rowsBody(Number(process.argv[2]))
const server = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const empty = /"p\d":0}/.test(text)
  response.writeHead(200, { 'content-type': 'application/json' }).end(empty ? emptyBody : body)
})
server.listen(0, '127.0.0.1', () => {
  // A server that listens on a port has an AddressInfo.
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, rows })
})
process.once('disconnect', () => process.exit())
