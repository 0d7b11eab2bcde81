import { responseValidators } from '../../../../src/generated/response-validators.gen.ts'
import type { ClientOptions } from '../../../../src/index.ts'
import { APIError } from '../../../../src/runtime/errors/api-errors.ts'
import type { LocalPostHog, LocalPostHogOptions } from '../../../../src/testing.ts'
import { startLocalClient } from '../../local-client.ts'

// A test knows the members it expects; a wrong one fails its assertion.
// biome-ignore lint/suspicious/noExplicitAny: the validators check every response
export type Answer = any

export interface Sent {
  readonly path?: Record<string, string | number>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
}

/** Calls an operation, such as `GET P/insights/`, with `P` for the project and `O` for the organization. */
export type Send = (operation: string, sent?: Sent) => Promise<Answer>

export const ORGANIZATION = '018d2a6e-0000-7000-8000-000000000002'

/** A local PostHog, and calls through a client that validates every response. */
export async function startManaged(
  setting: LocalPostHogOptions = {},
  options: ClientOptions = {},
): Promise<{ readonly local: LocalPostHog; readonly send: Send }> {
  const { local, posthog } = await startLocalClient(
    { events: 600, ...setting },
    { validate: 'throw', validators: responseValidators, retry: false, limits: false, ...options },
  )
  const request = posthog.request as unknown as (operation: string, sent: object) => Promise<Answer>
  return {
    local,
    send: (operation, { path = {}, ...sent } = {}) => {
      const [method, short = ''] = operation.split(' ')
      const template = short
        .replace(/^P\//, '/api/projects/{project_id}/')
        .replace(/^O\//, '/api/organizations/{organization_id}/')
      return request(`${method} ${template}`, {
        path: short.startsWith('O/') ? { organization_id: ORGANIZATION, ...path } : path,
        ...sent,
      })
    },
  }
}

/** Awaits a refused call and returns its status, code, attr and detail. */
export async function refusal(call: Promise<unknown>): Promise<object> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    const { status, code, attr, detail } = error
    return { status, code, attr, detail }
  }
  throw new Error('The call was not refused')
}
