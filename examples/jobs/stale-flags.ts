import { createClient } from 'typehog'

const posthog = createClient()
for await (const { id, key } of posthog.featureFlags.stale()) {
  const [{ reason }, dependents] = await Promise.all([
    posthog.featureFlags.status(id),
    posthog.featureFlags.dependents(id),
  ])
  console.log(`${key}: ${reason} ${dependents.length} flags depend on it.`)
}
