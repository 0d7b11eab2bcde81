import { responseValidators } from '../../../src/generated/response-validators.gen.ts'
import { startLocalPostHog } from '../../../src/testing.ts'
import { type Recording, recordingClient } from './recorder.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'
import * as account from './scenarios/account.ts'
import * as content from './scenarios/content.ts'
import * as flags from './scenarios/flags.ts'
import * as people from './scenarios/people.ts'
import * as pipelines from './scenarios/pipelines.ts'
import { schemaMock } from './schema-mock.ts'

/** Every scenario by its name, in one order everywhere: the first method that needs a fact fetches it. */
export const scenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  Object.entries({ ...account, ...content, ...flags, ...people, ...pipelines }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  ),
)

const projectId = 1
const otherProject = 2
const organizationId = '018d2a6e-0000-7000-8000-000000000002'

/** A server for scenarios, and a recording of their requests. */
export interface Environment extends AsyncDisposable {
  readonly recording: Recording
  run(scenario: Scenario): Promise<void>
}

/** The local PostHog. The client validates its responses with the schema. */
export async function localEnvironment(): Promise<Environment> {
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
  const context: ScenarioContext = { posthog, otherProject, fresh: freshName(), queryTimeout: 20_000 }
  return { recording, run: (scenario) => scenario(context), [Symbol.asyncDispose]: () => local.close() }
}

/** A mock made from the schema. It rejects requests that the schema does not allow. */
export async function mockEnvironment(): Promise<Environment> {
  const { posthog, recording } = recordingClient({
    host: 'https://us.posthog.com',
    apiKey: 'phx_mock0000000000000000',
    projectId,
    organizationId,
    fetch: await schemaMock(projectId),
    limits: false,
    retry: false,
  })
  const context: ScenarioContext = { posthog, otherProject, fresh: freshName(), queryTimeout: 1 }
  return { recording, run: (scenario) => scenario(context), [Symbol.asyncDispose]: async () => {} }
}

function freshName(): ScenarioContext['fresh'] {
  let count = 0
  return (word) => {
    count += 1
    return `${word.toLowerCase().replace(/\W+/g, '-')}-${count}`
  }
}
