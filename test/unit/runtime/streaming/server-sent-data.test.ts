import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serverSentData } from '../../../../src/runtime/transport/server-sent-events.ts'

interface Source {
  readonly body: ReadableStream<Uint8Array>
  readonly cancelled: () => number
}

function sourceOf(chunks: readonly Uint8Array[], end?: unknown): Source {
  let cancelled = 0
  let next = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[next++]
        if (chunk !== undefined) controller.enqueue(chunk)
        else if (end !== undefined) controller.error(end)
        else controller.close()
      },
      cancel() {
        cancelled += 1
      },
    },
    { highWaterMark: 0 },
  )
  return { body, cancelled: () => cancelled }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (...texts: string[]): Promise<string[]> => all(sourceOf(texts.map(bytes)).body)

const limit = { operation: 'GET /api/things/', maxBytes: 100_000_000 }

async function all(body: ReadableStream<Uint8Array>): Promise<string[]> {
  const found: string[] = []
  for await (const data of serverSentData(body, limit)) found.push(data)
  return found
}

/** The bytes split in two at every position, and into single bytes. */
function cuts(text: string): Uint8Array[][] {
  const body = bytes(text)
  const halves = Array.from({ length: body.length + 1 }, (_, at) => [body.slice(0, at), body.slice(at)])
  return [...halves, Array.from(body, (byte) => Uint8Array.of(byte))]
}

describe('serverSentData', () => {
  it.each([
    ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['carriage returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['both combined', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['mixed line endings', 'data: a\r\rdata: b\n\r\ndata: c\r\n\n', ['a', 'b', 'c']],
    ['several lines of data', 'data: a\r\ndata: b\r\ndata:\r\ndata: c\r\n\r\n', ['a\nb\n\nc']],
    ['multibyte characters', 'data: äöü €\r\ndata: 😀\r\n\r\n', ['äöü €\n😀']],
    ['comments and other fields', ': hi\nevent: tile\nid: 7\nretry: 5\ndata: a\n:\n\n', ['a']],
    ['fields with similar names', 'database: x\ndat: y\n data: z\ndata: a\n\n', ['a']],
    ['no, one and two spaces', 'data:a\n\ndata: b\n\ndata:  c\n\n', ['a', 'b', ' c']],
    ['colons in the data', 'data: a: b\n\n', ['a: b']],
    ['events without data', 'event: ping\n\n\n\ndata: a\n\n\n\n', ['a']],
    ['a field without a colon', 'data\ndata: a\n\n', ['\na']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['no final empty line', 'data: a\n\ndata: b\n', ['a']],
    ['no final line ending', 'data: a\n\ndata: b', ['a']],
    ['a final carriage return', 'data: a\n\ndata: b\r', ['a']],
    ['nothing', '', []],
    ['empty lines', '\r\n\r\n', []],
  ])('parses %s, wherever chunks split', async (_, text, expected) => {
    for (const chunks of cuts(text)) expect(await all(sourceOf(chunks).body)).toEqual(expected)
  })

  it('yields the same events however the body splits', async () => {
    const part = fc.constantFrom('data: a', 'data:b', ': c', '\r', '\n', '\r\n', '\r\n\r\n', 'ü', '😀', ' ')
    const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat({ max: 90 })), async (text, positions) => {
        const body = bytes(text)
        const inside = positions.filter((position) => position < body.length)
        const ends = [0, ...inside.sort((a, b) => a - b), body.length]
        const chunks = ends.slice(1).map((end, index) => body.slice(ends[index], end))
        expect(await all(sourceOf(chunks).body)).toEqual(await read(text))
      }),
    )
  })

  it('yields an event as soon as its empty line arrives', async () => {
    let close = (): void => {}
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes('data: a\r\r'))
        close = () => controller.close()
      },
    })
    const data = serverSentData(body, limit)
    expect(await data.next()).toEqual({ done: false, value: 'a' })
    close()
    expect(await data.next()).toEqual({ done: true, value: undefined })
  })

  it('reads a line of many chunks in linear time', async () => {
    const chunk = bytes('x'.repeat(16_384))
    const took = async (count: number): Promise<number> => {
      const started = performance.now()
      const chunks = [bytes('data: '), ...Array<Uint8Array>(count).fill(chunk), bytes('\n\n')]
      const [only = ''] = await all(sourceOf(chunks).body)
      expect(only.length).toBe(count * chunk.length)
      return performance.now() - started
    }
    await took(100)
    // 16 MB: reading the line again for each chunk would take minutes.
    expect(await took(1_000)).toBeLessThan(5_000)
  })

  it.each([
    ['an unterminated line', 'data: ', 'x'],
    ['lines without an empty line', 'data: a\n', 'data: a\n'],
    ['an unterminated comment', ':', ':'],
  ])('throws and cancels the body when an event is too large by %s', async (_, first, more) => {
    const { body, cancelled } = sourceOf([bytes(first), ...Array<Uint8Array>(2_000).fill(bytes(more))])
    const data = serverSentData(body, { ...limit, maxBytes: 1_000 })
    await expect(data.next()).rejects.toMatchObject({
      name: 'ResponseTooLargeError',
      message: 'GET /api/things/: a server-sent event is larger than 1000 bytes.',
      maxBytes: 1_000,
    })
    expect(cancelled()).toBe(1)
  })

  it('cancels the body when the reader leaves', async () => {
    const { body, cancelled } = sourceOf([bytes('data: a\n\ndata: b\n\n'), bytes('data: c\n\n')])
    for await (const _ of serverSentData(body, limit)) break
    expect(cancelled()).toBe(1)
  })

  it('cancels the body when the reader throws', async () => {
    const { body, cancelled } = sourceOf([bytes('data: a\n\n'), bytes('data: b\n\n')])
    const loop = async (): Promise<void> => {
      for await (const _ of serverSentData(body, limit)) throw new Error('enough')
    }
    await expect(loop()).rejects.toThrow('enough')
    expect(cancelled()).toBe(1)
  })

  it('throws the error of the body after the earlier events', async () => {
    const broken = new Error('cut')
    const { body } = sourceOf([bytes('data: a\n\nda')], broken)
    const data = serverSentData(body, limit)
    expect((await data.next()).value).toBe('a')
    await expect(data.next()).rejects.toBe(broken)
    expect(await data.next()).toEqual({ done: true, value: undefined })
  })
})
