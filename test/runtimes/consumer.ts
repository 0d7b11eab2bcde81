import type { EndpointDescription } from '../../src/codegen/endpoints/describe-endpoint.ts'
import type { ProjectDescription } from '../../src/codegen/project/project-description.ts'

/** A TypeScript program that uses every entry of the package. It marks each wrong line with `@ts-expect-error`. */
export const consumer: string = `
import { AuthenticationError, createClient, type Endpoint, hogql, isPostHogError, type RequestOutput } from 'typehog'
import { type Cohort, getCohort, listCohorts } from 'typehog/api'
import { cliCredentials } from 'typehog/node'
import { type RedisClient, redisCache, redisLimits } from 'typehog/redis'
import { faults, type LocalPostHog, type LocalPostHogOptions, startLocalPostHog } from 'typehog/testing'
import { responseValidators, zCohort } from 'typehog/zod'

const traffic: Endpoint<{ country?: string }, { path: string | null; views: number | null }> = {
  name: 'traffic', version: 1, kind: 'HogQLQuery', materialized: false, columns: [],
}

export async function main(redis: RedisClient): Promise<number> {
  const posthog = createClient({
    ...(await cliCredentials()), projectId: 7, region: 'eu', validate: 'warn', validators: responseValidators,
    cache: redisCache(redis), limits: { store: redisLimits(redis) },
  })
  try {
    const { rows, complete } = await posthog.hogql<{ n: number }>\`select \${1} as n, \${new Date()} as at\`
    const n: number | undefined = rows[0]?.n
    const reason: string | undefined = complete === true ? undefined : complete.reason
    const stream = posthog.hogql(hogql<{ id: string }>\`select uuid as id from events\`).stream({ orderBy: ['id'] })
    for await (const { id } of stream) id.toUpperCase()
    for await (const variable of posthog.list('GET /api/projects/{project_id}/insight_variables/')) {
      const name: string = variable.name
      if (name === reason) break
    }
    const cohort: Cohort = await getCohort({ client: posthog.api, path: { id: 1 } })
    const again: RequestOutput<'GET /api/projects/{project_id}/cohorts/{id}/'> = cohort
    const count: number = (await listCohorts({ client: posthog.api })).results.length
    const parsed: string | null | undefined = zCohort.parse(again).name
    const { data } = await posthog.request('GET /api/projects/{project_id}/cohorts/').withResponse()
    const first: Cohort | undefined = data.results[0]
    const views = (await posthog.endpoints.run(traffic, { country: 'DE' })).rows.map((row) => row.views ?? 0)
    // @ts-expect-error a variable that the endpoint does not have
    await posthog.endpoints.run(traffic, { planet: 'Mars' })
    // @ts-expect-error an operation that the API does not have
    await posthog.request('GET /api/projects/{project_id}/planets/')
    // @ts-expect-error a value that HogQL has no constant for
    await posthog.hogql\`select \${{ planet: 'Mars' }}\`
    // @ts-expect-error a row has the columns that were named, as their types
    rows[0]?.n.toUpperCase()
    return Math.max(n ?? 0, count, ...views) + \`\${parsed}\${first?.name}\`.length
  } catch (error) {
    if (error instanceof AuthenticationError) return error.status
    if (isPostHogError(error)) console.log(error.kind, error.fix)
    throw error
  }
}

const options: LocalPostHogOptions = { throttle: false, faults: [faults.badGateway({ times: 3 })] }
export const start = (): Promise<LocalPostHog> => startLocalPostHog(options)
`

/** A CommonJS program that uses the package. */
export const commonJsConsumer: string = `
import typehog = require('typehog')
import { listCohorts } from 'typehog/api'

export const posthog: typehog.TypehogClient = typehog.createClient({ projectId: 7 })
export const counted: Promise<number> = listCohorts({ client: posthog.api }).then(({ results }) => results.length)
// @ts-expect-error an option that there is not
typehog.createClient({ planet: 'Mars' })
`

/** The endpoint of the pulled module in `byNameConsumer`. */
export const pulledDescription: EndpointDescription = {
  name: 'top-pages',
  version: 1,
  kind: 'HogQLQuery',
  description: 'Most viewed pages.',
  isActive: true,
  materialized: false,
  variables: [{ name: 'since', type: 'date', required: true, nullable: true }],
  columns: [{ name: 'views', type: 'integer' }],
}

/** A program that runs endpoints by name and defines one, as a module or as CommonJS. */
export const byNameConsumer = (kind: 'm' | 'c'): string => `
${kind === 'c' ? "import typehog = require('typehog')" : "import * as typehog from 'typehog'"}
import { endpoints } from './posthog.endpoints.${kind}js'

const posthog = typehog.createClient({ endpoints })
const own = typehog.defineEndpoint({
  name: 'own',
  query: typehog.hogql<{ n: number }>\`select {variables.since} as n\`,
  variables: { since: { type: 'date' } },
})
export async function main(): Promise<number> {
  const { rows } = await posthog.endpoints.run('top-pages', { since: '2026-01-01' }, { ttl: 60_000 })
  const views: number | null | undefined = rows[0]?.views
  const { rows: owned } = await posthog.endpoints.run(own, { since: '2026-01-01' })
  const n: number | undefined = owned[0]?.n
  // @ts-expect-error a required variable of a name is missing
  await posthog.endpoints.run('top-pages', {})
  // @ts-expect-error a required variable of the definition is missing
  await posthog.endpoints.run(own, {})
  const { rows: others } = await posthog.endpoints.run('not-pulled', { any: 1 })
  return (views ?? 0) + (n ?? 0) + others.length
}
`

/** A program that uses the pulled queries and names of a project, as a module or as CommonJS. */
export const pulledConsumer = (kind: 'm' | 'c'): string => `
${kind === 'c' ? "import typehog = require('typehog')" : "import * as typehog from 'typehog'"}
import { compareProjects } from 'typehog/projects'
import { type Project, events } from './posthog.project.${kind}js'
import { queries } from './posthog.queries.${kind}js'

const posthog = typehog.createClient<Project>({ projectId: 7 })
export async function main(): Promise<number> {
  const { rows } = await posthog.hogql(queries.topPages({ since: new Date(), when: null, names: ['a'], n: 5n }))
  const name: string | null | undefined = rows[0]?.["a*/'b"]
  await posthog.events.capture({ event: events.signedUp, distinctId: 'u', properties: { plan: 'pro' } })
  // @ts-expect-error the property is text
  await posthog.events.capture({ event: 'signed up', distinctId: 'u', properties: { plan: 5 } })
  // @ts-expect-error a parameter is missing
  queries.topPages({ since: '2026-01-01' })
  const compared = await compareProjects(posthog, 8, { featureFlags: true })
  return compared.length + (name?.length ?? 0)
}
`

/** The names of the project in `pulledConsumer`. */
export const pulledNames: ProjectDescription = {
  events: [{ name: 'signed up', properties: ['plan'], lines: ['A new account.'], deprecated: undefined }],
  eventProperties: [{ name: 'plan', type: 'String', lines: [], deprecated: undefined }],
  featureFlags: [],
  cohorts: [],
  groups: [],
  variables: [],
}
