// A Hono backend on Node that serves typed rows: `npm install typehog hono @hono/node-server`, then GET /top-pages?days=7.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createClient, isPostHogError, RateLimitError } from 'typehog'

const posthog = createClient() // one per process: it tracks rate limits across requests
const app = new Hono()

app.get('/top-pages', async (context) => {
  const days = Number(context.req.query('days') ?? 7)
  if (!Number.isInteger(days) || days < 1 || days > 365) {
    return context.json({ error: 'Expected `days` to be an integer from 1 to 365.' }, 400)
  }
  const since = new Date(Date.now() - days * 86_400_000)
  const { rows } = await posthog.hogql<{ path: string | null; views: number }>`
      select properties.$pathname as path, count() as views from events
      where event = ${'$pageview'} and timestamp >= ${since} group by path order by views desc, path limit 10`
    .named('top pages')
    .with({ ttl: 60_000, staleIfThrottled: 600_000, signal: context.req.raw.signal })
  return context.json(rows)
})

app.onError((error, context) => {
  if (error instanceof RateLimitError) return context.json({ error: 'Try again later.' }, 503)
  // Log details on the server only: the message contains the project and the host.
  console.error(isPostHogError(error) ? error.toJSON() : error)
  return context.json({ error: 'The numbers are not available.' }, 502)
})

const port = Number(process.env['PORT'] ?? 3000)
serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (address) => {
  console.log(`http://127.0.0.1:${address.port}/top-pages`)
})
