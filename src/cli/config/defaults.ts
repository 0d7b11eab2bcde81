/** Defaults of the configuration file, and of the flags that replace its values. */
export const configDefaults = {
  endpoints: { module: 'posthog.endpoints.ts' },
  queries: { module: 'posthog.queries.ts', files: ['queries/**/*.sql'] },
  /** `maxEvents`: each event takes a request, and PostHog allows 480 per minute. */
  project: { module: 'posthog.project.ts', maxEvents: 300 },
  schema: { module: 'posthog.schema.ts' },
} as const
