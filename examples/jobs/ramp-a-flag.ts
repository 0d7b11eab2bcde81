import { createClient } from 'typehog'

const posthog = createClient()
const filters = { groups: [{ properties: [], rollout_percentage: 0 }] }
const { flag } = await posthog.featureFlags.ensure('new-checkout', { active: true, filters })

for (const percentage of [5, 25, 100]) {
  const { from, to } = await posthog.featureFlags.setRollout(flag.key, percentage)
  console.log(`${flag.key}: ${from} % to ${to} %`)
}
