/** The path that every contestant asks for. */
export const flagsPath: string = '/api/projects/1/feature_flags/'

/** A page of feature flags as PostHog lists them, about 2 kB as JSON. */
export const flagPage: object = {
  count: 3,
  next: null,
  previous: null,
  results: ['checkout-redesign', 'pricing-page-experiment', 'eu-only-banner'].map(flag),
}

function flag(key: string, index: number): object {
  return {
    id: index + 1,
    name: `Rolls ${key} out step by step`,
    key,
    filters: {
      groups: [
        {
          variant: null,
          properties: [{ key: 'email', type: 'person', value: '@example.com', operator: 'icontains' }],
          rollout_percentage: 50,
        },
      ],
      payloads: {},
      multivariate: null,
    },
    deleted: false,
    active: true,
    created_by: {
      id: 7,
      uuid: '0190f7c2-0000-7000-8000-000000000007',
      first_name: 'Max',
      email: 'max@example.com',
    },
    created_at: '2026-01-01T00:00:00.000000Z',
    version: 4,
    ensure_experience_continuity: false,
    experiment_set: [],
    rollback_conditions: null,
    performed_rollback: false,
    tags: ['growth'],
    evaluation_runtime: 'all',
    status: 'ACTIVE',
  }
}
