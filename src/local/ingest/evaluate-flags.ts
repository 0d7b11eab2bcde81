import { isObject } from '../../shared/is-object.ts'
import { jsonResponse } from '../http/json.ts'
import type { IngestCall } from '../http/route.ts'
import { evaluateFlag } from '../resources/feature-flags/evaluate.ts'
import { evaluationContext, readSubject } from '../resources/feature-flags/evaluation-context.ts'
import { experimentsOn } from '../resources/feature-flags/flag-links.ts'
import { type FlagRecord, versionOf } from '../resources/feature-flags/flag-record.ts'
import { projectOfToken } from '../resources/organizations/projects.ts'
import { applyDueChangesOf } from '../resources/scheduled-changes/due-changes.ts'
import type { ServerState } from '../server-state.ts'
import { MAX_EVENT_BYTES, PlainTextError, plainTextResponse, readIngestBody } from './request-body.ts'
import { evaluatesFlag, type Runtime, runtimeOf } from './request-runtime.ts'

/** Evaluates the feature flags of the token's project for a distinct id. */
export async function evaluateFlags({
  state: current,
  stateOf,
  request,
  url,
}: IngestCall): Promise<Response> {
  try {
    const body = await readIngestBody(request, url, MAX_EVENT_BYTES)
    if (!isObject(body)) throw new PlainTextError(400, 'The request body must be an object')
    const token = body['token'] ?? body['api_key'] ?? body['$token']
    const project = typeof token === 'string' ? projectOfToken(current, token) : undefined
    if (project === undefined) return unknownTokenResponse()
    const { distinct_id: distinctId, flag_keys_to_evaluate: keys } = body
    if (typeof distinctId !== 'string' && typeof distinctId !== 'number') {
      throw new PlainTextError(400, 'The request has no distinct_id')
    }
    const isDetailed = detailed(url)
    const state = await stateOf(project)
    await applyDueChangesOf(state, project, request)
    const runtime = runtimeOf(request, body['evaluation_runtime'])
    const evaluated = await evaluateAll(state, project, body, String(distinctId), keys, runtime)
    return jsonResponse(200, flagsResponse(evaluated, isDetailed, state.now()))
  } catch (error) {
    if (error instanceof PlainTextError) return plainTextResponse(error.status, error.message)
    throw error
  }
}

function unknownTokenResponse(): Response {
  return jsonResponse(401, {
    type: 'authentication_error',
    code: 'invalid_api_key',
    detail: 'Project API key invalid. You can find your project API key in your PostHog project settings.',
    attr: null,
  })
}

interface Evaluated {
  readonly key: string
  readonly enabled: boolean
  readonly variant: string | null
  readonly view: Readonly<Record<string, unknown>>
  readonly payload: unknown
}

async function evaluateAll(
  state: ServerState,
  project: number,
  body: Readonly<Record<string, unknown>>,
  distinctId: string,
  keys: unknown,
  runtime: Runtime | undefined,
): Promise<Evaluated[]> {
  const subject = await readSubject(state, {
    distinctId,
    deviceId: body['$device_id'],
    personProperties: body['person_properties'],
    groups: body['groups'],
    groupProperties: body['group_properties'],
  })
  const context = evaluationContext(state, project)
  const requestedKeys = Array.isArray(keys) ? keys.map(String) : undefined
  return context.flags
    .filter(({ active }) => active)
    .filter(({ key }) => requestedKeys?.includes(key) ?? true)
    .filter((flag) => evaluatesFlag(runtime, flag['evaluation_runtime']))
    .map((flag) => {
      const { enabled, variant, reason, payload } = evaluateFlag(flag, subject, context)
      const metadata = metadataOf(state, project, flag, payload)
      const view = { key: flag.key, enabled, variant, reason, metadata }
      return { key: flag.key, enabled, variant, view, payload: metadata['payload'] }
    })
}

function metadataOf(
  state: ServerState,
  project: number,
  flag: FlagRecord,
  payload: unknown,
): Record<string, unknown> {
  const text = payload === undefined || typeof payload === 'string' ? payload : JSON.stringify(payload)
  return {
    id: flag.id,
    version: versionOf(flag),
    description: flag.name === '' ? null : flag.name,
    payload: text ?? null,
    has_experiment: experimentsOn(state, project, flag).length > 0,
  }
}

/**
 * Whether the version of a request returns full details. `/decide` counts two versions ahead
 * (PostHog/posthog rust/feature-flags/src/api/endpoint.rs).
 */
function detailed({ pathname, searchParams }: URL): boolean {
  const version = Number(searchParams.get('v') ?? 1)
  if (!pathname.startsWith('/decide')) return version >= 2
  if (version >= 3) return version >= 4
  throw new PlainTextError(400, 'The local PostHog supports versions 3 and 4 of /decide. Add ?v=3')
}

/** The response with full details, or with values and payloads by key. */
function flagsResponse(flags: readonly Evaluated[], isDetailed: boolean, now: Date): Record<string, unknown> {
  const common = { errorsWhileComputingFlags: false, requestId: crypto.randomUUID() }
  if (isDetailed) {
    return {
      ...common,
      flags: Object.fromEntries(flags.map((flag) => [flag.key, flag.view])),
      evaluatedAt: now.getTime(),
    }
  }
  const withPayload = flags.filter((flag) => typeof flag.payload === 'string')
  return {
    ...common,
    featureFlags: Object.fromEntries(flags.map((flag) => [flag.key, flag.variant ?? flag.enabled])),
    featureFlagPayloads: Object.fromEntries(withPayload.map((flag) => [flag.key, flag.payload])),
  }
}
