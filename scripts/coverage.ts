import { mkdir, writeFile } from 'node:fs/promises'
import { coverageTable, methodsOfResources } from '../test/contract/resources/coverage.ts'
import { localEnvironment, scenarios } from '../test/contract/resources/environments.ts'

// Usage: npm run coverage. Runs every scenario of the tests against a local PostHog and writes the operations of each method.

await using environment = await localEnvironment()
for (const scenario of Object.values(scenarios)) await environment.run(scenario)
await mkdir('docs', { recursive: true })
await writeFile('docs/coverage.md', coverageTable(methodsOfResources(), environment.recording))
console.log('docs/coverage.md was written.')
