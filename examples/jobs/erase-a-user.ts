import { createClient } from 'typehog'

// Usage: node erase-a-user.js <distinct id>…
const posthog = createClient()
const distinctIds = process.argv.slice(2)

const { found } = await posthog.persons.erase({ distinctIds, dryRun: true })
console.log(`${found} of ${distinctIds.length} are known`)

const receipt = await posthog.persons.erase({ distinctIds })
console.log(
  `${receipt.deleted} deleted, ${receipt.failed.length} failed, events queued: ${receipt.eventsQueued}`,
)
if (receipt.failed.length > 0) process.exitCode = 1
