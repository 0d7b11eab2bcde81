import { APIError, createClient } from 'typehog'
import { endpoints } from './posthog.endpoints.js' // written by `typehog endpoints pull`

const posthog = createClient()

export async function GET(request: Request): Promise<Response> {
  const plan = new URL(request.url).searchParams.get('plan') ?? 'free'
  try {
    const { rows, version } = await posthog.endpoints.run(endpoints.usageOfPlan, { plan })
    return Response.json({ version, rows })
  } catch (error) {
    return Response.json({ error: String(error) }, { status: error instanceof APIError ? 502 : 500 })
  }
}
