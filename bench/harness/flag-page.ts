/** The path that every contestant asks for. */
export const flagsPath: string = '/api/projects/1/feature_flags/'

const keys = ['checkout-redesign', 'pricing-page-experiment', 'eu-only-banner']

/** Number of flags of a page. */
export const flagsPerPage: number = keys.length

/** A page of feature flags as PostHog lists them, about 2 kB as JSON. */
export const flagPage: object = flagPageAt(0)

/** The page of a list at an index: each has other flags. */
export function flagPageAt(page: number): object {
  return {
    count: keys.length,
    next: null,
    previous: null,
    results: keys.map((key, index) => flag(key, page * keys.length + index + 1)),
  }
}

function flag(key: string, id: number): object {
  return {
    id,
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
