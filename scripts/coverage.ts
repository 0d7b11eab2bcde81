import { mkdir, writeFile } from 'node:fs/promises'
import { coverageTable, methodsOfResources } from '../test/contract/resources/coverage.ts'
import { journeys, localPlace } from '../test/contract/resources/travel.ts'

// Usage: npm run coverage. Runs every test journey against a local PostHog and writes the requests of each method.

await using place = await localPlace()
for (const journey of Object.values(journeys)) await place.go(journey)
await mkdir('docs', { recursive: true })
await writeFile('docs/coverage.md', coverageTable(methodsOfResources(), place.recording))
console.log('docs/coverage.md was written.')
