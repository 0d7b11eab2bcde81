import { type Assertion, area } from '../assertion.ts'
import { at, type Verdict } from '../outcome.ts'
import type { Probe } from '../probe.ts'
import { both, equals, firstOf, hasFields, hasShape, hasStatus } from '../verdicts.ts'
import { create, nobody, remove, trends } from './create.ts'

const { read, write } = area('products', {
  source: 'PostHog/posthog OpenAPI document of 2026-09-16',
  date: '2026-11-27',
})
const client = { source: 'npm @posthog/cli 0.18.3' }
const alerts = { source: 'PostHog/posthog posthog/api/alert.py' }

/** An insight for objects that need one. */
async function insightId(probe: Probe): Promise<unknown> {
  return at(await create(probe, 'insights/', { name: probe.name, query: trends }, 'PATCH'), 'id')
}

/** Creates an alert that is off. Returns it as PostHog reads it. */
async function alert(probe: Probe): Promise<unknown> {
  const user = at(await probe.need('GET', '/api/users/@me/'), 'id')
  const body = {
    name: probe.name,
    insight: await insightId(probe),
    subscribed_users: [user],
    enabled: false,
    condition: { type: 'absolute_value' },
    config: { type: 'TrendsAlertConfig', series_index: 0 },
    threshold: { configuration: { type: 'absolute', bounds: { upper: 1_000_000 } } },
    calculation_interval: 'daily',
  }
  return probe.need('GET', `alerts/${String(at(await create(probe, 'alerts/', body, 'DELETE'), 'id'))}/`)
}

const variants = [
  { key: 'control', rollout_percentage: 50 },
  { key: 'test', rollout_percentage: 50 },
]

/** Creates an experiment with its flag. The fact is the status 201. */
async function createExperiment(probe: Probe, fields: object): Promise<Verdict> {
  const body = { name: probe.name, feature_flag_key: probe.name, ...fields }
  const reply = await probe.call('POST', 'experiments/', { body })
  remove(probe, 'feature_flags/', at(reply.body, 'feature_flag'), 'PATCH')
  remove(probe, 'experiments/', reply.body, 'PATCH')
  return hasStatus(reply, 201)
}

const subscription = async (probe: Probe, target: string): Promise<object> => ({
  insight: await insightId(probe),
  target_type: target,
  target_value: 'https://example.com/typehog-conformance',
  frequency: 'monthly',
  interval: 12,
  start_date: '2099-01-01T00:00:00Z',
  title: probe.name,
})

/** Surveys, experiments, alerts, subscriptions, error tracking and other products. */
export const productFacts: readonly Assertion[] = [
  write(
    'alert-insight',
    'insight of an alert is an object when it is read.',
    async (probe) => hasShape(at(await alert(probe), 'insight'), 'an object'),
    alerts,
  ),
  write(
    'alert-users',
    'subscribed_users of an alert are objects when they are read.',
    async (probe) => hasShape(at(await alert(probe), 'subscribed_users', 0), 'an object'),
    alerts,
  ),
  write(
    'alert-delete',
    'DELETE of an alert is 204.',
    async (probe) =>
      hasStatus(await probe.call('DELETE', `alerts/${String(at(await alert(probe), 'id'))}/`), 204),
    alerts,
  ),
  write('survey-delete', 'DELETE of a survey is 204.', async (probe) => {
    const body = { name: probe.name, type: 'popover', questions: [{ type: 'open', question: 'Why?' }] }
    const survey = await create(probe, 'surveys/', body, 'DELETE')
    return hasStatus(await probe.call('DELETE', `surveys/${String(at(survey, 'id'))}/`), 204)
  }),
  write('survey-questions', 'questions of a survey is an array of objects.', async (probe) => {
    const body = { name: probe.name, type: 'popover', questions: [{ type: 'open', question: 'Why?' }] }
    return hasShape(at(await create(probe, 'surveys/', body, 'DELETE'), 'questions'), 'an array of an object')
  }),
  write(
    'experiment-flag',
    'An experiment is created with the variants of a feature_flag.',
    (probe) =>
      createExperiment(probe, { feature_flag: { filters: { ...nobody, multivariate: { variants } } } }),
    client,
  ),
  write('experiment-variants', 'An experiment is created with parameters.feature_flag_variants.', (probe) =>
    createExperiment(probe, { parameters: { feature_flag_variants: variants } }),
  ),
  write(
    'webhook',
    'target_type webhook of a subscription is 400.',
    async (probe) => {
      const reply = await probe.call('POST', 'subscriptions/', { body: await subscription(probe, 'webhook') })
      remove(probe, 'subscriptions/', reply.body, 'PATCH')
      return hasStatus(reply, 400)
    },
    client,
  ),
  write(
    'issue-status',
    'status archived of an error tracking issue is 400.',
    async (probe) => {
      const issue = firstOf(
        await probe.need('GET', 'error_tracking/issues/', { query: { limit: 1 } }),
        'error tracking issues',
      )
      const before = at(issue, 'status')
      const path = `error_tracking/issues/${String(at(issue, 'id'))}/`
      // If PostHog accepts it against the fact, the issue gets its status back.
      probe.cleanUp('PATCH', path, { body: { status: before } })
      return hasStatus(await probe.call('PATCH', path, { body: { status: 'archived' } }), 400)
    },
    client,
  ),
  write('early-access-delete', 'DELETE of an early access feature is 204.', async (probe) => {
    const feature = await create(
      probe,
      'early_access_feature/',
      { name: probe.name, stage: 'draft' },
      'DELETE',
    )
    remove(probe, 'feature_flags/', at(feature, 'feature_flag'), 'PATCH')
    return hasStatus(await probe.call('DELETE', `early_access_feature/${String(at(feature, 'id'))}/`), 204)
  }),
  write('variable-delete', 'DELETE of an insight variable is 204.', async (probe) => {
    const variable = await create(probe, 'insight_variables/', { name: probe.name, type: 'String' }, 'DELETE')
    return hasStatus(await probe.call('DELETE', `insight_variables/${String(at(variable, 'id'))}/`), 204)
  }),
  write('variable-code-name', 'code_name of an insight variable is made from its name.', async (probe) => {
    const variable = await create(probe, 'insight_variables/', { name: probe.name, type: 'String' }, 'DELETE')
    return both(hasShape(at(variable, 'code_name'), 'a string'), equals(at(variable, 'type'), 'String'))
  }),
  write('notebook', 'A notebook is addressed by its short_id.', async (probe) => {
    const notebook = await create(probe, 'notebooks/', { title: probe.name }, 'PATCH', 'short_id')
    return hasStatus(await probe.call('GET', `notebooks/${String(at(notebook, 'short_id'))}/`), 200)
  }),
  read('project', 'A project has id, name, api_token, timezone and organization.', async (probe) =>
    hasFields(
      await probe.need('GET', `/api/projects/${probe.projectId}/`),
      'id',
      'name',
      'api_token',
      'timezone',
      'organization',
    ),
  ),
]
