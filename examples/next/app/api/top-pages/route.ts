// A Next.js route handler, `app/api/top-pages/route.ts`: the key stays on the server and the page gets typed rows.
import { createClient, hogql, isPostHogError, RateLimitError } from 'typehog'

export const dynamic = 'force-dynamic'
export interface TopPage {
  readonly path: string | null
  readonly views: number
}

const posthog = createClient()

/** `GET /api/top-pages?country=DE` */
export async function GET(request: Request): Promise<Response> {
  const country = new URL(request.url).searchParams.get('country')
  const condition = country === null ? hogql`true` : hogql`properties.country = ${country}`
  const call = posthog.hogql<TopPage>`
    select properties.$pathname as path, count() as views from events
    where event = ${'$pageview'} and ${condition}
    group by path order by views desc, path limit 100`
  try {
    const rows = await call.with({ ttl: 60_000, staleIfThrottled: 600_000, signal: request.signal }).rows()
    return Response.json(rows)
  } catch (error) {
    if (!isPostHogError(error)) throw error
    console.error(error.toJSON())
    const wait =
      error instanceof RateLimitError ? Math.ceil((error.retryAfterMs ?? 60_000) / 1_000) : undefined
    const headers = wait === undefined ? {} : { 'retry-after': String(wait) }
    return Response.json({ error: 'The numbers are not available.' }, { status: 503, headers })
  }
}
