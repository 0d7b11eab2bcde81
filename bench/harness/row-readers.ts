import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { loadPeer } from './load-peer.ts'
import { loadTypehog } from './load-typehog.ts'

/** Asks for the answer. */
export type Ask = (url: string, init: RequestInit) => Promise<Response>

/** Reads an answer, and says how many rows it has. */
export type RowReader = (url: string, ask: Ask) => Promise<number>

const names = ['uuid', 'timestamp', 'event', 'distinct_id', 'views', 'url', 'browser', 'score'] as const
const post = { method: 'POST', body: '{}' }

/** What each contestant does with the answer, by name. All but the first have it as it arrives. */
export const rowReaders: Readonly<Record<string, (build: string | undefined) => Promise<RowReader>>> = {
  'JSON.parse': async () => async (url, ask) => {
    const { results } = JSON.parse(await (await ask(url, post)).text())
    return results.length
  },
  'JSON.parse + objects': async () => async (url, ask) => {
    const { results } = JSON.parse(await (await ask(url, post)).text())
    const rows = results.map((row: unknown[]) => Object.fromEntries(names.map((name, at) => [name, row[at]])))
    return rows.length
  },
  'typehog rows': async (build) => {
    const query = await typehog(build)
    return async (url, ask) => (await query(url, ask)).rows.length
  },
  'typehog stream': async (build) => {
    const query = await typehog(build)
    return async (url, ask) => {
      let rows = 0
      await untilCap(async () => {
        for await (const { event } of query(url, ask).stream()) if (event !== '') rows += 1
      })
      return rows
    }
  },
  'typehog pages': async (build) => {
    const query = await typehog(build)
    return async (url, ask) => {
      let count = 0
      await untilCap(async () => {
        for await (const { rows } of query(url, ask).stream().pages()) count += rows.length
      })
      return count
    }
  },
  'stream-json': async () => {
    const { parser, pick, streamArray, chain } = await loadPeer('stream-json')
    return async (url, ask) => {
      let rows = 0
      const body = Readable.fromWeb((await ask(url, post)).body as ReadableStream)
      const items = body.pipe(
        chain([parser({ streamValues: false }), pick({ filter: 'results' }), streamArray()]),
      )
      for await (const { value } of items) if (value[2] !== '') rows += 1
      return rows
    }
  },
  '@streamparser/json': async () => {
    const { JSONParser } = await loadPeer('@streamparser/json')
    return async (url, ask) => {
      let rows = 0
      const parser = new JSONParser({ paths: ['$.results.*'], keepStack: false })
      parser.onValue = ({ value }) => {
        if ((value as unknown[])[2] !== '') rows += 1
      }
      const { body } = await ask(url, post)
      // Bytes, by the specification of `fetch`.
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) parser.write(chunk)
      return rows
    }
  },
}

/** Answers here have more rows than PostHog ever returns, which a stream reports at its end. */
async function untilCap(read: () => Promise<void>): Promise<void> {
  await read().catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'TruncatedResultError')) throw error
  })
}

async function typehog(build: string | undefined) {
  const { createClient, hogql } = await loadTypehog(build)
  const query = hogql<{ event: string }>`select * from events limit ${50_000_000}`
  return (host: string, ask: Ask) => {
    const client = createClient({ apiKey: 'phx_bench', projectId: 1, host, fetch: ask, timeout: 600_000 })
    return client.hogql(query)
  }
}
