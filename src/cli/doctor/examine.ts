import type { TypehogClient } from '../../client/create-client.ts'
import type { Whoami, WhoamiProject } from '../../resources/whoami.ts'
import { defaults } from '../../runtime/config/defaults.ts'
import { APIError } from '../../runtime/errors/api-errors.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import { checkClock } from './check-clock.ts'
import { checkScopes, type Need, usualNeeds } from './check-scopes.ts'
import { type Finding, ok, problem } from './finding.ts'

/** Projects that a fix names. */
const mostNamed = 10

/** What is looked at. */
export interface Examination {
  readonly client: TypehogClient
  readonly projectId: string
  /** What is to be done with the key, beside the usual. */
  readonly needs: readonly Need[]
  readonly signal: AbortSignal
}

/** Looks at host, key, scopes, project, queries, clock and limits, from what everything rests on upwards. */
export async function* examine({
  client,
  projectId,
  needs,
  signal,
}: Examination): AsyncGenerator<Finding, undefined> {
  const { host, region } = client.config
  const where = region === undefined ? 'a PostHog of your own' : `PostHog Cloud ${region.toUpperCase()}`
  let clock: Finding | undefined
  const watched = client.use(async (request, next) => {
    const asked = Date.now()
    const response = await next(request)
    clock ??= checkClock(response.headers.get('date'), (asked + Date.now()) / 2)
    return response
  })
  let who: Whoami
  try {
    who = await watched.whoami()
  } catch (error) {
    // Whoever answers like PostHog is PostHog, whatever it thinks of the key.
    const answered = error instanceof APIError
    if (answered) yield ok('host', `${host}, ${where}.`)
    yield problem(answered ? 'key' : 'host', error)
    return
  }
  yield ok('host', `${host}, ${where}.`)
  yield describeKey(who)
  // A secret key has no scopes to add: it runs endpoints, and that is all.
  if (who.keyKind !== 'project_secret') {
    yield* checkScopes(who.scopes, [...usualNeeds, ...needs])
    yield checkProject(projectId, who)
    yield await checkQuery(watched, signal)
  }
  if (clock !== undefined) yield clock
  yield await describeLimits(client)
}

function describeKey({ keyKind, label, user, projects }: Whoami): Finding {
  const kind = { personal: 'a personal key', project_secret: 'a project secret key', oauth: 'an OAuth token' }
  const words = kind[keyKind as keyof typeof kind] ?? 'a key of an unknown kind'
  const details = [
    label === undefined ? undefined : `"${label}"`,
    user === undefined ? undefined : `of ${user.email}`,
    projects === undefined ? undefined : `for ${projects.length} project${projects.length === 1 ? '' : 's'}`,
  ].filter((detail) => detail !== undefined)
  const message = `${[words, ...details].join(' ')}.`
  if (keyKind !== 'project_secret') return ok('key', message)
  return {
    check: 'key',
    state: 'warning',
    message: `${message} It runs endpoints and does nothing else; PostHog cannot be asked about it.`,
    fix: 'For queries and management, set POSTHOG_PERSONAL_API_KEY to a personal key (phx_).',
  }
}

function checkProject(projectId: string, { projects }: Whoami): Finding {
  const check = 'project'
  if (projects === undefined) {
    return { check, state: 'unknown', message: `${projectId}; the key may not list its projects.` }
  }
  const named = ({ id, name }: WhoamiProject): string => (name === undefined ? `${id}` : `${id} (${name})`)
  const found = projects.find(({ id }) => String(id) === projectId)
  if (found !== undefined) return ok(check, `${named(found)}.`)
  if (projectId === '@current') {
    return {
      check,
      state: 'warning',
      message: 'The project is @current: whichever the user of the key opened last in the app.',
      fix: 'Set POSTHOG_PROJECT_ID to a number.',
    }
  }
  const reached = projects.slice(0, mostNamed).map(named).join(', ')
  return {
    check,
    state: 'problem',
    message: `The key does not reach project ${projectId}.`,
    fix:
      reached === ''
        ? 'Allow a project for the key, or use another key.'
        : `Set POSTHOG_PROJECT_ID to one that it reaches: ${reached}.`,
  }
}

async function checkQuery(client: TypehogClient, signal: AbortSignal): Promise<Finding> {
  const started = performance.now()
  try {
    const one = await client
      .hogql(hogql<{ one: number }>`select 1 as one`, { signal, name: 'typehog doctor' })
      .one()
    const took = Math.round(performance.now() - started)
    return ok('query', `"select 1" gave ${one?.one} after ${took} ms.`)
  } catch (error) {
    return problem('query', error)
  }
}

async function describeLimits(client: TypehogClient): Promise<Finding> {
  const query = { kind: 'HogQLQuery', query: 'select 1' } as const
  const { throttle } = await client.explain('POST /api/projects/{project_id}/query/', { body: { query } })
  const rates = throttle.rates.map(({ requests, seconds }) => `${requests} in ${seconds} s`)
  const { limits } = client.config
  const atOnce = (limits === false ? undefined : limits.queriesAtOnce) ?? defaults.queriesAtOnce
  return ok('limits', `queries: ${rates.join(', ')} for each key, ${atOnce} at once for the project.`)
}
