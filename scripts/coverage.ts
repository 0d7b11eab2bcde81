import { mkdir, writeFile } from 'node:fs/promises'
import { coverageTable, methodsOfResources } from '../test/contract/resources/coverage.ts'
import { localEnvironment, scenarios } from '../test/contract/resources/environments.ts'

// Usage: npm run coverage.
// Runs every test scenario against a local PostHog and writes the operations that each method calls.

await using environment = await localEnvironment()
for (const scenario of Object.values(scenarios)) await environment.run(scenario)
await mkdir('docs', { recursive: true })
await writeFile('docs/coverage.md', coverageTable(methodsOfResources(), environment.recording))
console.log('docs/coverage.md was written.')
