import { responseValidators } from '../../../src/generated/response-validators.gen.ts'
import { startLocalPostHog } from '../../../src/testing.ts'
import type { Journey, Surroundings } from './journey.ts'
import * as account from './journeys/account.ts'
import * as content from './journeys/content.ts'
import * as flags from './journeys/flags.ts'
import * as people from './journeys/people.ts'
import * as pipelines from './journeys/pipelines.ts'
import { type Recording, recordingClient } from './recorder.ts'
import { schemaMock } from './schema-mock.ts'

/** Every journey by its name. */
export const journeys: Readonly<Record<string, Journey>> = {
  ...account,
  ...content,
  ...flags,
  ...people,
  ...pipelines,
}

const projectId = 1
const otherProject = 2
const organizationId = '018d2a6e-0000-7000-8000-000000000002'

/** A place that journeys lead through. */
export interface Place extends AsyncDisposable {
  readonly recording: Recording
  go(journey: Journey): Promise<void>
}

/** The local PostHog; what it answers is held against the schema. */
export async function localPlace(): Promise<Place> {
  const local = await startLocalPostHog({ events: 600, throttle: false, projects: [otherProject] })
  const { url } = await local.listen()
  const { posthog, recording } = recordingClient({
    host: url,
    apiKey: local.personalApiKey,
    projectId,
    organizationId,
    validate: 'throw',
    validators: responseValidators,
    limits: false,
    retry: false,
  })
  const surroundings = { posthog, keeps: true, otherProject, fresh: freshName() }
  return { recording, go: (journey) => journey(surroundings), [Symbol.asyncDispose]: () => local.close() }
}

/** The mock of the schema. */
export async function mockPlace(): Promise<Place> {
  const { posthog, recording } = recordingClient({
    host: 'https://us.posthog.com',
    apiKey: 'phx_mock0000000000000000',
    projectId,
    organizationId,
    fetch: await schemaMock(projectId),
    limits: false,
    retry: false,
  })
  const surroundings: Surroundings = { posthog, keeps: false, otherProject, fresh: freshName() }
  return { recording, go: (journey) => journey(surroundings), [Symbol.asyncDispose]: async () => {} }
}

function freshName(): Surroundings['fresh'] {
  let count = 0
  return (word) => {
    count += 1
    return `${word.toLowerCase().replace(/\W+/g, '-')}-${count}`
  }
}
