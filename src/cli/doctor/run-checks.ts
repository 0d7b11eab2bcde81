import type { TypehogClient } from '../../client/create-client.ts'
import type { Whoami, WhoamiProject } from '../../resources/whoami.ts'
import { defaults } from '../../runtime/config/defaults.ts'
import { APIError } from '../../runtime/errors/api-errors.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import type { Context } from '../context.ts'
import { keyKindName } from '../key-kind.ts'
import {
  checkClock,
  checkScopes,
  defaultScopes,
  type Finding,
  ok,
  problem,
  type RequiredScope,
} from './findings.ts'
import { ProbeTimeoutError, probeMs, runProbe } from './probe.ts'

/** Maximum number of projects in a fix. */
const maxListedProjects = 10

/** Input of `runChecks`. */
export interface CheckInput {
  readonly client: TypehogClient
  readonly projectId: string
  /** Scopes to check in addition to the default ones. */
  readonly scopes: readonly RequiredScope[]
  readonly context: Pick<Context, 'io' | 'flags' | 'wait'>
}

/** Checks host, key, scopes, project, queries, clock and limits. Stops when the host or the key fails. */
export async function* runChecks({
  client,
  projectId,
  scopes,
  context,
}: CheckInput): AsyncGenerator<Finding, undefined> {
  const { host, region } = client.config
  const server = region === undefined ? 'self-hosted' : `PostHog Cloud ${region.toUpperCase()}`
  let clock: Finding | undefined
  const clockedClient = client.use(async (request, next) => {
    const requestedAt = Date.now()
    const response = await next(request)
    clock ??= checkClock(response.headers.get('date'), (requestedAt + Date.now()) / 2)
    return response
  })
  let whoami: Whoami
  try {
    whoami = await waitFor(context, `${host} to describe the key`, (signal) =>
      clockedClient.whoami({ signal }),
    )
  } catch (error) {
    context.io.signal.throwIfAborted()
    const isTimeout = error instanceof ProbeTimeoutError
    // An API error in PostHog's format proves that the host is PostHog, so the key is the problem.
    const responds = error instanceof APIError || (isTimeout && clock !== undefined)
    if (responds) yield ok('host', `${host} (${server}) responds.`)
    if (isTimeout && responds) yield timedOut('key', 'The requests about the key', retryFix)
    else if (isTimeout) yield timedOut('host', host, 'Check `--host`, the network and any proxy.')
    else yield problem(responds ? 'key' : 'host', error, context.flags)
    return
  }
  yield ok('host', `${host} (${server}) responds.`)
  yield describeKey(whoami)
  // A project secret key has no scopes: it can only run endpoints.
  if (whoami.keyKind !== 'project_secret') {
    yield* checkScopes(whoami.scopes, [...defaultScopes, ...scopes])
    yield checkProject(projectId, whoami)
    yield await checkQuery(clockedClient, context)
  }
  if (clock !== undefined) yield clock
  yield await describeLimits(client)
}

function describeKey({ keyKind, label, user, projects }: Whoami): Finding {
  const details = [
    label === undefined ? undefined : `"${label}"`,
    user === undefined ? undefined : `of ${user.email}`,
    projects === undefined ? undefined : `with ${projects.length} project${projects.length === 1 ? '' : 's'}`,
  ].filter((detail) => detail !== undefined)
  const message = `${[keyKindName(keyKind), ...details].join(' ')}.`
  if (keyKind !== 'project_secret') return ok('key', message)
  return {
    check: 'key',
    state: 'warning',
    message: `${message} It can only run endpoints, so the other checks are skipped.`,
    fix: 'For queries and management, set POSTHOG_PERSONAL_API_KEY to a personal API key (phx_).',
  }
}

function checkProject(projectId: string, { projects }: Whoami): Finding {
  const check = 'project'
  if (projects === undefined) {
    return { check, state: 'unknown', message: `${projectId}; the key cannot list its projects.` }
  }
  const format = ({ id, name }: WhoamiProject): string => (name === undefined ? `${id}` : `${id} (${name})`)
  const project = projects.find(({ id }) => String(id) === projectId)
  if (project !== undefined) return ok(check, `The key has access to project ${format(project)}.`)
  if (projectId === '@current') {
    return {
      check,
      state: 'warning',
      message: 'The project is @current: the project that the user of the key opened last in the app.',
      fix: 'Set `--project` or POSTHOG_PROJECT_ID to a project ID.',
    }
  }
  const accessible = projects.slice(0, maxListedProjects).map(format).join(', ')
  return {
    check,
    state: 'problem',
    message: `The key has no access to project ${projectId}.`,
    fix:
      accessible === ''
        ? 'Give the key access to the project, or use another key.'
        : `Set \`--project\` or POSTHOG_PROJECT_ID to a project of the key: ${accessible}.`,
  }
}

async function checkQuery(client: TypehogClient, context: CheckInput['context']): Promise<Finding> {
  const startedAt = performance.now()
  try {
    const row = await waitFor(context, 'a query', (signal) =>
      client.hogql(hogql<{ one: number }>`select 1 as one`, { signal, name: 'typehog doctor' }).one(),
    )
    const elapsed = Math.round(performance.now() - startedAt)
    return ok('query', `"select 1" returned ${row?.one} in ${elapsed} ms.`)
  } catch (error) {
    context.io.signal.throwIfAborted()
    if (error instanceof ProbeTimeoutError) return timedOut('query', '"select 1"', retryFix)
    return problem('query', error, context.flags)
  }
}

const retryFix = 'Run the command again later, or with `--debug` to see each request; see status.posthog.com.'

/** Runs a probe, and shows on a terminal what the command waits for. */
async function waitFor<T>(
  { io, wait }: CheckInput['context'],
  what: string,
  probe: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const finish = wait(`Waiting for ${what}`)
  try {
    return await runProbe(io, probe)
  } finally {
    finish()
  }
}

/** The finding of a probe without an answer within its time. */
function timedOut(check: string, what: string, fix: string): Finding {
  return { check, state: 'problem', message: `${what} timed out after ${probeMs / 1_000} s.`, fix }
}

async function describeLimits(client: TypehogClient): Promise<Finding> {
  const query = { kind: 'HogQLQuery', query: 'select 1' } as const
  const { throttle } = await client.explain('POST /api/projects/{project_id}/query/', { body: { query } })
  const rates = throttle.rates.map(({ requests, seconds }) => `${requests} per ${seconds} s`)
  const { limits } = client.config
  const concurrent =
    (limits === false ? undefined : limits.maxConcurrentQueries) ?? defaults.maxConcurrentQueries
  return ok('limits', `Queries: ${rates.join(', ')} per key, ${concurrent} concurrent per project.`)
}
