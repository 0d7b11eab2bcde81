import { createClient } from 'typehog'

const posthog = createClient()

/** A route for Next.js, Hono or any server with `Request` and `Response`: `/top-pages?days=7`. */
export async function GET(request: Request): Promise<Response> {
  const days = Number(new URL(request.url).searchParams.get('days') ?? 7)
  const since = new Date(Date.now() - days * 86_400_000)
  const call = posthog.hogql<{ path: string; views: number }>`
    select properties.$pathname as path, count() as views from events
    where event = ${'$pageview'} and timestamp > ${since} group by path order by views desc, path limit 5`
  const { rows, cache } = await call.with({ ttl: 60_000, staleIfThrottled: 600_000, signal: request.signal })
  return Response.json(rows, { headers: { age: String(Math.round((cache.age ?? 0) / 1_000)) } })
}
