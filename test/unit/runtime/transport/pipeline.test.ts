import { describe, expect, it } from 'vitest'
import { toResponse } from '../../../../src/runtime/transport/http-response.ts'
import type { Middleware } from '../../../../src/runtime/transport/middleware.ts'
import { json, key } from '../../fake-server.ts'
import { envelope, failure, outcomes, sender } from '../harness.ts'
import { type VirtualPlatform, virtualPlatform } from '../virtual-platform.ts'

const hang = (): Promise<Response> => new Promise(() => {})
const connectionRefused = (): never => {
  throw new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  })
}
const reset = (): never => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('read'), { code: 'ECONNRESET' }) })
}
const html = (status: number): Response =>
  new Response('<html>bad gateway</html>', { status, headers: { 'content-type': 'text/html' } })
const brokenBody = (): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"a":'))
        controller.error(new TypeError('terminated'))
      },
    }),
  )

describe('a successful request', () => {
  it('has the key, the user agent and the headers of the client', async () => {
    let seen: Request | undefined
    const platform = virtualPlatform((request) => {
      seen = request
      return json({})
    })
    await sender(platform, { headers: { 'x-team': 'a' } })({ headers: { accept: 'application/json' } })
    expect(seen?.headers.get('authorization')).toBe(`Bearer ${key}`)
    expect(seen?.headers.get('user-agent')).toBe('typehog/1.2.3')
    expect(seen?.headers.get('x-team')).toBe('a')
    expect(seen?.headers.get('accept')).toBe('application/json')
    expect(seen?.redirect).toBe('manual')
  })

  it('returns a readable response with its attempts', async () => {
    const platform = virtualPlatform((_, call) => (call === 1 ? html(502) : json({ a: 1 })))
    const outcome = await outcomes(platform)()
    expect(await toResponse(outcome).json()).toEqual({ a: 1 })
    expect(outcome.attempts).toEqual([
      { attempt: 1, status: 502, waitMs: 500, reason: 'status 502' },
      { attempt: 2, status: 200, waitMs: 0, reason: 'ok' },
    ])
  })

  it.each([204, 205])('accepts the status %i without a body', async (status) => {
    const response = await sender(virtualPlatform(() => new Response(null, { status })))()
    expect(response.status).toBe(status)
    expect(await response.text()).toBe('')
  })

  it('repeats the body on a retry', async () => {
    const bodies: string[] = []
    const platform = virtualPlatform(async (request, call) => {
      bodies.push(await request.text())
      return call < 3 ? envelope(429, 'throttled', 'Too many queries') : json({})
    })
    await sender(platform)({ method: 'POST', content: '{"a":1}' })
    expect(bodies).toEqual(['{"a":1}', '{"a":1}', '{"a":1}'])
  })
})

describe('retries of reads', () => {
  it.each([408, 500, 502, 503])('retries a read after %i', async (status) => {
    const platform = virtualPlatform((_, call) => (call === 1 ? envelope(status, 'error', 'x') : json({})))
    expect((await sender(platform)()).status).toBe(200)
  })

  it("retries a read after a proxy's 504, but not after PostHog's", async () => {
    const proxy = virtualPlatform((_, call) => (call === 1 ? html(504) : json({})))
    expect((await sender(proxy)()).status).toBe(200)
    const own = virtualPlatform(() => envelope(504, 'error', 'Query has hit the max execution time.'))
    const error = await failure(sender(own)())
    expect(error).toMatchObject({ name: 'QueryTimeoutError', status: 504, stopReason: 'status 504 is final' })
    expect(error['attempts']).toHaveLength(1)
  })

  it.each([400, 401, 402, 403, 404, 409, 512, 513])('does not retry after %i', async (status) => {
    const platform = virtualPlatform(() => envelope(status, 'error', 'x'))
    const error = await failure(sender(platform)())
    expect(error['attempts']).toHaveLength(1)
    expect(error['stopReason']).toBe(`status ${status} is final`)
  })

  it('doubles the maximum wait, and stops after the last attempt', async () => {
    const platform = virtualPlatform(() => html(503))
    const error = await failure(sender(platform)({ maxAttempts: 4 }))
    expect(platform.slept).toEqual([500, 1000, 2000])
    expect(error).toMatchObject({ name: 'ServerError', stopReason: '4 attempts failed' })
    expect(error['attempts']).toHaveLength(4)
  })

  it('waits up to maxDelay', async () => {
    const platform = virtualPlatform(() => html(503))
    await failure(sender(platform, { retry: { maxAttempts: 5, initialDelay: 100, maxDelay: 250 } })())
    expect(platform.slept).toEqual([100, 200, 250, 250])
  })

  it('retries a read after a lost connection and a broken body', async () => {
    const lost = virtualPlatform((_, call) => (call === 1 ? reset() : json({})))
    expect((await sender(lost)()).status).toBe(200)
    const broken = virtualPlatform((_, call) => (call === 1 ? brokenBody() : json({})))
    expect((await sender(broken)()).status).toBe(200)
  })

  it('retries a body shorter than its content length', async () => {
    const platform = virtualPlatform(() => new Response('{"a":1', { headers: { 'content-length': '7' } }))
    const error = await failure(sender(platform)({ maxAttempts: 1 }))
    expect(error).toMatchObject({ name: 'ConnectionError', stopReason: 'retries are disabled' })
    expect(error.message).toContain('6 of 7 bytes')
  })

  it('ignores the content length of a compressed body', async () => {
    const headers = { 'content-length': '999', 'content-encoding': 'gzip' }
    const response = await sender(virtualPlatform(() => new Response('{}', { headers })))()
    expect(await response.text()).toBe('{}')
    expect(response.headers.get('content-encoding')).toBeNull()
  })

  it('does not retry after a certificate error', async () => {
    const platform = virtualPlatform(() => {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }),
      })
    })
    const error = await failure(sender(platform)())
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'CERT_HAS_EXPIRED' })
    expect(error['attempts']).toHaveLength(1)
  })

  it('does not retry after a bug in a custom fetch', async () => {
    let calls = 0
    const platform = virtualPlatform(() => {
      calls += 1
      throw new TypeError('x.y is not a function')
    })
    await failure(sender(platform)())
    expect(calls).toBe(1)
  })

  it('does not retry with retry: false', async () => {
    const error = await failure(
      sender(
        virtualPlatform(() => html(503)),
        { retry: false },
      )(),
    )
    expect(error['attempts']).toHaveLength(1)
  })

  it('stops retrying when the retry budget is empty', async () => {
    const send = sender(
      virtualPlatform(() => html(503), { random: 0 }),
      { retry: { maxAttempts: 30 } },
    )
    const error = await failure(send())
    expect(error['attempts']).toHaveLength(21)
    expect(error['stopReason']).toBe('the retry budget is empty')
  })

  it('earns retries back from successes', async () => {
    let healthy = false
    const platform = virtualPlatform(() => (healthy ? json({}) : html(503)), { random: 0 })
    const send = sender(platform, { retry: { maxAttempts: 30 } })
    await failure(send())
    healthy = true
    for (let i = 0; i < 6; i++) await send()
    healthy = false
    expect((await failure(send()))['attempts']).toHaveLength(2)
  })
})

describe('retries of writes', () => {
  it.each([500, 502, 503])('does not retry a write after %i', async (status) => {
    let calls = 0
    const platform = virtualPlatform(() => {
      calls += 1
      return html(status)
    })
    const error = await failure(sender(platform)({ method: 'POST', content: '{}' }))
    expect(calls).toBe(1)
    expect(error['stopReason']).toBe('a write with an unknown outcome')
  })

  it('does not retry a write after a lost connection or a timeout', async () => {
    const post = { method: 'POST', content: '{}' }
    const lost = await failure(sender(virtualPlatform(reset))(post))
    expect(lost).toMatchObject({ name: 'ConnectionError', code: 'ECONNRESET', unsent: false })
    expect(lost['attempts']).toHaveLength(1)
    const late = await failure(sender(virtualPlatform(hang))(post))
    expect(late).toMatchObject({ name: 'AttemptTimeoutError', phase: 'attempt' })
    expect(late['attempts']).toHaveLength(1)
  })

  it('does not retry a write after a truncated response', async () => {
    const error = await failure(sender(virtualPlatform(brokenBody))({ method: 'PATCH', content: '{}' }))
    expect(error['attempts']).toHaveLength(1)
  })

  it('retries a write that the server certainly did not process', async () => {
    const post = { method: 'POST', content: '{}' }
    const closed = virtualPlatform((_, call) => (call === 1 ? connectionRefused() : json({}, 201)))
    expect((await sender(closed)(post)).status).toBe(201)
    const throttled = virtualPlatform((_, call) =>
      call === 1 ? envelope(429, 'throttled', 'x') : json({}, 201),
    )
    expect((await sender(throttled)(post)).status).toBe(201)
  })
})

describe('waits requested by the server', () => {
  it('waits for Retry-After', async () => {
    const platform = virtualPlatform((_, call) =>
      call === 1 ? envelope(429, 'throttled', 'x', { 'retry-after': '41' }) : json({}),
    )
    await sender(platform)()
    expect(platform.slept).toEqual([41_000])
  })

  it('waits for Retry-After of a 503 too', async () => {
    const platform = virtualPlatform((_, call) =>
      call === 1 ? envelope(503, 'query_capacity', 'x', { 'retry-after': '15' }) : json({}),
    )
    await sender(platform)()
    expect(platform.slept).toEqual([15_000])
  })

  it('fails at once with retryAt when the wait exceeds the total timeout', async () => {
    const detail = 'Request was throttled. Expected available in 3600 seconds.'
    const platform = virtualPlatform(() => envelope(429, 'throttled', detail))
    const error = await failure(sender(platform)())
    expect(platform.slept).toEqual([])
    expect(error).toMatchObject({ name: 'RateLimitError', retryAfterMs: 3_600_000 })
    expect(error['retryAt']).toEqual(new Date(Date.UTC(2026, 0, 1, 1)))
    expect(error['stopReason']).toContain('3600000 ms exceeds the remaining 300000 ms')
  })
})

describe('timeouts', () => {
  it('times out an attempt without headers, and retries', async () => {
    const platform = virtualPlatform((_, call) => (call === 1 ? hang() : json({})))
    const { attempts } = await outcomes(platform, { timeout: 1000 })()
    expect(attempts[0]).toMatchObject({ error: 'AttemptTimeoutError', reason: 'timed out' })
    expect(platform.slept).toEqual([500])
  })

  it("includes the body in the attempt's timeout", async () => {
    const platform = virtualPlatform(
      () => new Response(new ReadableStream({ pull: () => hang().then(() => {}) })),
    )
    const error = await failure(sender(platform, { timeout: 1000, retry: false })())
    expect(error).toMatchObject({ name: 'AttemptTimeoutError', phase: 'attempt', ms: 1000 })
  })

  it('times out a stalled body, and releases its connection', async () => {
    let cancelled = false
    const cancel = (): void => {
      cancelled = true
    }
    const platform = virtualPlatform(
      () => new Response(new ReadableStream({ cancel, pull: () => hang().then(() => {}) })),
    )
    const error = await failure(sender(platform, { idleTimeout: 50, retry: false })())
    expect(error).toMatchObject({ name: 'IdleTimeoutError', phase: 'idle', ms: 50 })
    expect(cancelled).toBe(true)
  })

  it('ends the call with its attempts when the total timeout expires', async () => {
    const platform = virtualPlatform((_, call) => (call === 1 ? html(503) : hang()))
    const error = await failure(sender(platform, { totalTimeout: 2000 })())
    expect(error).toMatchObject({ name: 'TotalTimeoutError', phase: 'total', ms: 2000 })
    expect(error['attempts']).toMatchObject([{ status: 503 }, { error: 'TotalTimeoutError' }])
    expect(error['stopReason']).toBe('the total timeout expired')
  })

  it('rejects a timeout that is not a positive number', async () => {
    const send = sender(virtualPlatform(() => json({})))
    for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect((await failure(send({ timeout })))['kind']).toBe('configuration')
    }
    expect((await failure(send({ maxAttempts: 1.5 })))['kind']).toBe('configuration')
  })
})

describe('aborting', () => {
  it('throws the reason unchanged, before sending anything', async () => {
    let calls = 0
    const reason = { mine: true }
    const platform = virtualPlatform(() => {
      calls += 1
      return json({})
    })
    const onRequest = (): void => {
      calls += 1
    }
    await expect(sender(platform, { onRequest })({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(calls).toBe(0)
    expect(platform.asleep()).toBe(0)
  })

  it('throws the reason while a fetch that ignores signals hangs', async () => {
    const controller = new AbortController()
    const platform = virtualPlatform(() => {
      queueMicrotask(() => controller.abort('enough'))
      return hang()
    })
    await expect(sender(platform)({ signal: controller.signal })).rejects.toBe('enough')
    expect(platform.asleep()).toBe(0)
  })

  it('wakes from the wait between attempts', async () => {
    const controller = new AbortController()
    const platform = virtualPlatform(() => html(503))
    const onRetry = (): void => queueMicrotask(() => controller.abort('enough'))
    await expect(sender(platform, { onRetry })({ signal: controller.signal })).rejects.toBe('enough')
    expect(platform.slept).toEqual([])
  })

  it('throws the reason while a middleware hangs', async () => {
    const controller = new AbortController()
    const middleware: Middleware = () => {
      queueMicrotask(() => controller.abort('enough'))
      return hang()
    }
    const send = sender(
      virtualPlatform(() => json({})),
      { middleware: [middleware] },
    )
    await expect(send({ signal: controller.signal })).rejects.toBe('enough')
  })

  it('sends nothing when the key arrives after the abort', async () => {
    const controller = new AbortController()
    let calls = 0
    let give = (_: string): void => {}
    const apiKey = (): Promise<string> => {
      queueMicrotask(() => controller.abort('enough'))
      return new Promise((resolve) => {
        give = resolve
      })
    }
    const platform = virtualPlatform(() => {
      calls += 1
      return json({})
    })
    await expect(sender(platform, { apiKey })({ signal: controller.signal })).rejects.toBe('enough')
    give(key)
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls).toBe(0)
  })

  it('throws the reason unchanged when it is the error of another call', async () => {
    const reason = await failure(sender(virtualPlatform(() => html(503)))())
    const before = JSON.stringify(reason)
    const controller = new AbortController()
    const platform = virtualPlatform(() => {
      controller.abort(reason)
      return hang()
    })
    await expect(sender(platform)({ signal: controller.signal })).rejects.toBe(reason)
    expect(JSON.stringify(reason)).toBe(before)
  })

  it('discards the body of a late response', async () => {
    const controller = new AbortController()
    let cancelled = false
    let respond = (_: Response): void => {}
    const platform = virtualPlatform(
      () =>
        new Promise((resolve) => {
          respond = resolve
          queueMicrotask(() => controller.abort('enough'))
        }),
    )
    await expect(sender(platform)({ signal: controller.signal })).rejects.toBe('enough')
    const cancel = (): void => {
      cancelled = true
    }
    respond(new Response(new ReadableStream({ cancel })))
    await new Promise((resolve) => setImmediate(resolve))
    expect(cancelled).toBe(true)
  })
})

describe('the destination of the key', () => {
  it.each(['https://evil.test/api/', 'http://posthog.test/api/', 'https://posthog.test:444/api/'])(
    'rejects %s before anything is sent',
    async (path) => {
      let calls = 0
      const platform = virtualPlatform(() => {
        calls += 1
        return json({})
      })
      const error = await failure(sender(platform)({ path }))
      expect(error['kind']).toBe('configuration')
      expect(calls).toBe(0)
    },
  )

  it('rejects another origin from a middleware', async () => {
    const middleware: Middleware = (_, next) => next(new Request('https://evil.test/'))
    const error = await failure(
      sender(
        virtualPlatform(() => json({})),
        { middleware: [middleware] },
      )(),
    )
    expect(error.message).toContain('https://evil.test')
  })

  it('follows redirects of a GET within the origin', async () => {
    const urls: string[] = []
    const platform = virtualPlatform((request, call) => {
      urls.push(request.url)
      return call < 3
        ? new Response(null, { status: 302, headers: { location: `/api/moved/${call}` } })
        : json({})
    })
    await sender(platform)()
    expect(urls.slice(1)).toEqual(['https://posthog.test/api/moved/1', 'https://posthog.test/api/moved/2'])
  })

  it.each(['/api/moved/', 'https://evil.test/'])(
    'discards the body of a redirect to %s',
    async (location) => {
      let cancelled = false
      const cancel = (): void => {
        cancelled = true
      }
      const platform = virtualPlatform((_, call) =>
        call === 1
          ? new Response(new ReadableStream({ cancel }), { status: 302, headers: { location } })
          : json({}),
      )
      await sender(platform)().catch(() => {})
      expect(cancelled).toBe(true)
    },
  )

  it('limits a redirect loop', async () => {
    let calls = 0
    const platform = virtualPlatform(() => {
      calls += 1
      return new Response(null, { status: 301, headers: { location: '/api/things/' } })
    })
    expect((await failure(sender(platform)())).message).toContain('up to 5 redirects')
    expect(calls).toBe(6)
  })

  it('rejects a redirect to another origin, and names it', async () => {
    const urls: string[] = []
    const platform = virtualPlatform((request) => {
      urls.push(request.url)
      return new Response(null, { status: 302, headers: { location: 'https://evil.test/x?token=1' } })
    })
    const error = await failure(sender(platform)())
    expect(error.message).toContain('https://evil.test;')
    expect(error.message).not.toContain('token')
    expect(urls).toHaveLength(1)
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('rejects a redirect of a %s', async (method) => {
    let calls = 0
    const platform = virtualPlatform(() => {
      calls += 1
      return new Response(null, { status: 307, headers: { location: '/api/elsewhere/' } })
    })
    const error = await failure(sender(platform)({ method, replay: 'safe' }))
    expect(error).toMatchObject({ kind: 'configuration' })
    expect(calls).toBe(1)
  })
})

describe('middleware', () => {
  it('runs once per attempt, the first outermost, and never sees the key', async () => {
    const seen: string[] = []
    const named =
      (name: string): Middleware =>
      async (request, next, context) => {
        seen.push(`${name}${context.attempt} in`)
        const response = await next(request)
        seen.push(`${name} out ${response.status} ${request.headers.get('authorization')}`)
        return response
      }
    const platform = virtualPlatform((_, call) => (call === 1 ? html(502) : json({})))
    await sender(platform, { middleware: [named('a'), named('b')] })()
    expect(seen).toEqual([
      'a1 in',
      'b1 in',
      'b out 502 null',
      'a out 502 null',
      'a2 in',
      'b2 in',
      'b out 200 null',
      'a out 200 null',
    ])
  })

  it('can return its own response', async () => {
    let calls = 0
    const platform = virtualPlatform(() => {
      calls += 1
      return json({})
    })
    const response = await sender(platform, { middleware: [async () => json({ cached: true })] })()
    expect(await response.json()).toEqual({ cached: true })
    expect(calls).toBe(0)
  })

  it('can send the same request twice, with its body', async () => {
    const bodies: string[] = []
    const platform = virtualPlatform(async (request, call) => {
      bodies.push(await request.text())
      return call === 1 ? envelope(401, 'authentication_failed', 'x') : json({})
    })
    const middleware: Middleware = async (request, next) => {
      const first = await next(request)
      return first.status === 401 ? next(request) : first
    }
    await sender(platform, { middleware: [middleware] })({ method: 'POST', content: 'body' })
    expect(bodies).toEqual(['body', 'body'])
  })

  it('changes headers for the current attempt only', async () => {
    const values: (string | null)[] = []
    const platform = virtualPlatform((request, call) => {
      values.push(request.headers.get('x-count'))
      return call === 1 ? html(502) : json({})
    })
    const middleware: Middleware = (request, next) => {
      request.headers.append('x-count', '1')
      return next(request)
    }
    await sender(platform, { middleware: [middleware] })()
    expect(values).toEqual(['1', '1'])
  })

  it('can read the body of the response', async () => {
    const middleware: Middleware = async (request, next) => {
      const response = await next(request)
      await response.text()
      return response
    }
    const response = await sender(
      virtualPlatform(() => json({ a: 1 })),
      { middleware: [middleware] },
    )()
    expect(await response.json()).toEqual({ a: 1 })
  })

  it('fails with a clear error when it returns its own, consumed response', async () => {
    const middleware: Middleware = async () => {
      const response = json({})
      await response.text()
      return response
    }
    const error = await failure(
      sender(
        virtualPlatform(() => json({})),
        { middleware: [middleware] },
      )(),
    )
    expect(error.message).toContain('whose body it has read')
  })

  it('fails with a clear error when it sends its own, consumed request', async () => {
    const middleware: Middleware = async (request, next) => {
      const own = new Request(request.url, { method: 'POST', body: 'x' })
      await own.text()
      return next(own)
    }
    const error = await failure(
      sender(
        virtualPlatform(() => json({})),
        { middleware: [middleware] },
      )(),
    )
    expect(error.message).toContain('passed on a request whose body it has read')
  })

  it('ends the call with its own error, unchanged and at once', async () => {
    const mine = new Error('mine')
    let calls = 0
    const middleware: Middleware = async () => {
      calls += 1
      throw mine
    }
    const send = sender(
      virtualPlatform(() => json({})),
      { middleware: [middleware] },
    )
    await expect(send()).rejects.toBe(mine)
    expect(calls).toBe(1)
  })
})

describe('hooks', () => {
  it('are called for each attempt, response and wait', async () => {
    const events: unknown[] = []
    const platform = virtualPlatform((_, call) =>
      call === 1 ? html(502) : json({}, 200, { 'x-request-id': 'r1' }),
    )
    await sender(platform, {
      onRequest: (event) => events.push(['request', event.attempt, event.url]),
      onResponse: (event) => events.push(['response', event.status, event.requestId]),
      onRetry: (event) => events.push(['retry', event.attempt, event.waitMs, event.reason]),
    })()
    expect(events).toEqual([
      ['request', 1, 'https://posthog.test/api/things/'],
      ['response', 502, undefined],
      ['retry', 1, 500, 'status 502'],
      ['request', 2, 'https://posthog.test/api/things/'],
      ['response', 200, 'r1'],
    ])
  })

  it('that throw are logged and ignored', async () => {
    const lines: string[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (line: string) => void lines.push(line) }
    const onResponse = (): never => {
      throw new Error('oops')
    }
    const response = await sender(
      virtualPlatform(() => json({})),
      { logger, onResponse },
    )()
    expect(response.status).toBe(200)
    expect(lines).toEqual(['The hook onResponse failed: Error: oops'])
  })
})

describe('streams', () => {
  const parts = (...texts: string[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (const text of texts) controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      },
    })

  it('return the body as it arrives and leave nothing behind', async () => {
    const platform = virtualPlatform(() => new Response(parts('a', 'b')))
    const response = await sender(platform)({ body: 'stream' })
    expect(await response.text()).toBe('ab')
    expect(platform.asleep()).toBe(0)
  })

  it('can last longer than the timeouts while bytes arrive', async () => {
    let left = 10
    const platform: VirtualPlatform = virtualPlatform(
      () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              await platform.sleep(40_000)
              if (left-- > 0) controller.enqueue(new TextEncoder().encode('x'))
              else controller.close()
            },
          }),
        ),
    )
    const response = await sender(platform)({ body: 'stream' })
    expect(await response.text()).toBe('x'.repeat(10))
    expect(platform.monotonic()).toBeGreaterThan(400_000)
  })

  it('end with an error when the body stalls', async () => {
    const platform = virtualPlatform(
      () => new Response(new ReadableStream({ pull: () => hang().then(() => {}) })),
    )
    const response = await sender(platform, { idleTimeout: 70 })({ body: 'stream' })
    expect(await failure(response.text())).toMatchObject({ name: 'IdleTimeoutError', phase: 'idle' })
    expect(platform.asleep()).toBe(0)
  })

  it("end with the caller's reason", async () => {
    const controller = new AbortController()
    const platform = virtualPlatform(
      () => new Response(new ReadableStream({ pull: () => hang().then(() => {}) })),
    )
    const response = await sender(platform)({ body: 'stream', signal: controller.signal })
    const reading = response.text()
    controller.abort(new Error('enough'))
    expect((await failure(reading)).message).toBe('enough')
  })

  it('forward a cancellation', async () => {
    let cancelled = false
    const source = new ReadableStream({
      pull: () => hang().then(() => {}),
      cancel: () => {
        cancelled = true
      },
    })
    const platform = virtualPlatform(() => new Response(source))
    const response = await sender(platform)({ body: 'stream' })
    await response.body?.cancel()
    expect(cancelled).toBe(true)
    expect(platform.asleep()).toBe(0)
  })

  it('detect a body shorter than its content length', async () => {
    const platform = virtualPlatform(() => new Response(parts('ab'), { headers: { 'content-length': '3' } }))
    const response = await sender(platform)({ body: 'stream' })
    expect(await failure(response.text())).toMatchObject({ name: 'ConnectionError' })
  })

  it('throw the error of an error response', async () => {
    const platform = virtualPlatform(() => envelope(403, 'permission_denied', 'No.'))
    expect(await failure(sender(platform)({ body: 'stream' }))).toMatchObject({ name: 'PermissionError' })
    expect(platform.asleep()).toBe(0)
  })

  it('are released when a middleware fails after the headers', async () => {
    let cancelled = false
    const source = new ReadableStream({
      cancel: () => {
        cancelled = true
      },
    })
    const middleware: Middleware = async (request, next) => {
      await next(request)
      throw new Error('mine')
    }
    const send = sender(
      virtualPlatform(() => new Response(source)),
      { middleware: [middleware] },
    )
    expect((await failure(send({ body: 'stream' }))).message).toBe('mine')
    expect(cancelled).toBe(true)
  })
})

describe('after a call', () => {
  it.each([
    ['success', () => json({})],
    ['error response', () => envelope(400, 'invalid_input', 'x')],
    ['lost connection', reset],
    ['timeout', hang],
    ['broken body', brokenBody],
  ])('no timer and no listener remains: %s', async (_, fetch) => {
    let listeners = 0
    const { signal } = new AbortController()
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1
      remove(...args)
    }
    const platform = virtualPlatform(fetch)
    await sender(platform)({ signal }).catch(() => {})
    expect(listeners).toBe(0)
    expect(platform.asleep()).toBe(0)
  })
})
