import { describe, expect, it } from 'vitest'
import { zAction, zFeatureFlag, zPersonListItem } from '../../../../src/generated/zod.gen.ts'

const user = {
  id: 7,
  uuid: '018d2a6e-0000-7000-8000-000000000007',
  distinct_id: 'k7V2',
  first_name: 'Ada',
  last_name: '',
  email: 'ada@example.com',
  is_email_verified: null,
  hedgehog_config: null,
  role_at_organization: null,
}

// Shapes of the answers in PostHog/posthog products/feature_flags/backend/test and posthog/api/test.
const flag = {
  id: 31,
  key: 'dark-mode',
  name: 'Dark mode for everybody',
  filters: {
    groups: [{ rollout_percentage: 40, aggregation_group_type_index: null }],
    aggregation_group_type_index: null,
  },
  active: true,
  deleted: false,
  archived: false,
  ensure_experience_continuity: false,
  created_by: user,
  created_at: '2026-09-16T08:00:00.123456Z',
  updated_at: '2026-09-16T08:00:00.123456Z',
  usage_dashboard: null,
  experiment_set: [],
  experiment_set_metadata: [],
  surveys: [],
  features: [],
  rollback_conditions: null,
  performed_rollback: false,
  can_edit: true,
  analytics_dashboards: [],
  has_enriched_analytics: false,
  tags: [],
  evaluation_contexts: [],
  user_access_level: 'manager',
  is_remote_configuration: false,
  has_encrypted_payloads: false,
  status: 'ACTIVE',
  version: 1,
  last_modified_by: null,
  last_called_at: null,
  evaluation_runtime: 'all',
  bucketing_identifier: 'distinct_id',
  is_used_in_replay_settings: false,
}

const flags: readonly [string, object][] = [
  ['a new one', {}],
  ['a copy', { team_id: 2, version: 2, last_modified_by: user, usage_dashboard: 12 }],
  ['one without users', { created_by: null, updated_at: null, bucketing_identifier: null }],
  [
    'one with an experiment, a survey, an early access feature and dashboards',
    {
      experiment_set: [5],
      experiment_set_metadata: [{ id: 5, name: 'Colors' }],
      surveys: [{ id: '018d2a6e-0000-7000-8000-000000000031', name: 'Why?', type: 'popover' }],
      features: [
        {
          id: '018d2a6e-0000-7000-8000-000000000032',
          name: 'Dark',
          description: '',
          stage: 'beta',
          documentationUrl: '',
          payload: {},
          flagKey: 'dark-mode',
        },
      ],
      analytics_dashboards: [12],
    },
  ],
  [
    'one with conditions on persons, cohorts, flags and groups',
    {
      filters: {
        groups: [
          {
            properties: [
              { key: 'email', value: ['@example.com'], type: 'person', operator: 'icontains' },
              { key: 'id', value: 12, type: 'cohort' },
              { key: '30', value: 'true', type: 'flag', operator: 'flag_evaluates_to' },
              { key: 'plan', value: 'pro', type: 'group', operator: 'exact', group_type_index: 0 },
            ],
            rollout_percentage: null,
            variant: null,
          },
          { properties: [], rollout_percentage: 0 },
        ],
      },
    },
  ],
  [
    'one with variants and encrypted payloads',
    {
      is_remote_configuration: true,
      has_encrypted_payloads: true,
      filters: {
        groups: [],
        payloads: { true: '********* (encrypted)' },
        multivariate: {
          variants: [
            { key: 'control', rollout_percentage: 50 },
            { key: 'test', name: 'Test', rollout_percentage: 50 },
          ],
        },
      },
    },
  ],
]

describe('the validator of feature flags', () => {
  it.each(flags)('accepts %s', (_, more) => {
    const body = { ...flag, ...more }
    expect(zFeatureFlag.safeParse(body).error).toBeUndefined()
    expect(zFeatureFlag.parse(body)).toMatchObject(body)
  })

  it('rejects a flag whose surveys are an object', () => {
    expect(zFeatureFlag.safeParse({ ...flag, surveys: {} }).success).toBe(false)
  })
})

const step = {
  event: '$autocapture',
  properties: [{ key: '$browser', value: 'Chrome' }],
  selector: 'main > a',
  tag_name: null,
  text: 'Buy',
  text_matching: null,
  href: null,
  href_matching: null,
  url: '/shop',
  url_matching: 'contains',
}

describe('the validator of actions', () => {
  it.each([
    ['an author', user],
    ['no author', null],
  ])('accepts steps without `selector_regex`, of an action with %s', (_, author) => {
    const body = {
      id: 4,
      name: 'Purchase clicked',
      description: '',
      post_to_slack: false,
      slack_message_format: '',
      steps: [step, { ...step, event: '$pageview', properties: null, selector: null, text: null, url: null }],
      created_at: '2026-09-16T08:00:00Z',
      created_by: author,
      pinned_at: null,
      deleted: false,
      creation_context: null,
      is_calculating: false,
      last_calculated_at: '2026-09-16T08:00:00Z',
      team_id: 2,
      is_action: true,
      bytecode_error: null,
      tags: [],
      user_access_level: 'manager',
    }
    expect(zAction.safeParse(body).error).toBeUndefined()
  })
})

describe('the validator of persons in lists', () => {
  it('accepts a uuid as the id', () => {
    const uuid = '018d2a6e-0000-7000-8000-000000000041'
    const body = {
      type: 'person',
      id: uuid,
      uuid,
      name: 'ada@example.com',
      distinct_ids: ['user-1'],
      is_identified: true,
      properties: { email: 'ada@example.com' },
      created_at: '2026-09-16T08:00:00.123000Z',
      last_seen_at: null,
      matched_recordings: [],
      value_at_data_point: null,
    }
    expect(zPersonListItem.safeParse(body).error).toBeUndefined()
    expect(zPersonListItem.safeParse({ ...body, id: 41 }).success).toBe(false)
  })
})
