import { createClient } from 'typehog'

const posthog = createClient()
const { host, region, keyKind, scopes, projects } = await posthog.whoami()
console.log(`${keyKind} key at ${region ?? host}, scopes: ${scopes?.join(' ') ?? 'unknown'}`)
console.log(`projects: ${projects?.map(({ id, name }) => `${name} (${id})`).join(', ') ?? 'unknown'}`)

const body = { query: { kind: 'HogQLQuery', query: 'select 1' } } as const
const call = await posthog.explain('POST /api/projects/{project_id}/query/', { body })
console.log(
  `a query needs ${call.scopes?.join(' ')}; limits so far: ${JSON.stringify(await posthog.limits())}`,
)
