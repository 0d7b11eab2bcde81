import { mkdir, writeFile } from 'node:fs/promises'
import { coverageTable, methodsOfResources } from '../test/contract/resources/coverage.ts'
import { journeys, localPlace } from '../test/contract/resources/travel.ts'

// Usage: npm run coverage. Leads every journey of the tests through a local PostHog and writes what each method sent.

await using place = await localPlace()
for (const journey of Object.values(journeys)) await place.go(journey)
await mkdir('docs', { recursive: true })
await writeFile('docs/coverage.md', coverageTable(methodsOfResources(), place.recording))
console.log('docs/coverage.md was written.')
