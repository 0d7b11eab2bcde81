// A Supabase edge function: supabase functions deploy top-pages; supabase secrets set POSTHOG_PERSONAL_API_KEY=… POSTHOG_PROJECT_ID=…
import { createClient } from 'npm:typehog'

const posthog = createClient()

Deno.serve(async (request) => {
  const limit = Number(new URL(request.url).searchParams.get('limit') ?? 5)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return Response.json({ error: 'Expected `limit` to be an integer from 1 to 100.' }, { status: 400 })
  }
  const { rows, complete } = await posthog.hogql<{ path: string | null; views: number }>`
    select properties.$pathname as path, count() as views from events
    where event = ${'$pageview'} group by path order by views desc, path limit ${limit}`
  return Response.json({ rows, complete })
})
