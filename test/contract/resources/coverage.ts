import type { Requester } from '../../../src/resources/requester.ts'
import { createResources } from '../../../src/resources/resources.ts'
import type { Recording } from './recorder.ts'

/** A method of a resource and the operations that it sends. */
export interface CoverageRow {
  readonly resource: string
  readonly method: string
  readonly operations: readonly string[]
}

/** Methods that run queries. They have their own tests. */
const queries: readonly string[] = ['endpoints.run', 'events.stream']

/** Returns every other method of every resource, from the code. */
export function methodsOfResources(): string[] {
  // No method is called, so the client is never used.
  return methodsIn(createResources({} as Requester), '')
    .filter((method) => !queries.includes(method))
    .sort()
}

function methodsIn(object: object, prefix: string): string[] {
  return Object.entries(object).flatMap(([name, value]) =>
    typeof value === 'function' ? [`${prefix}${name}`] : methodsIn(value, `${prefix}${name}.`),
  )
}

/** Renders `docs/coverage.md` from the recorded requests of scenarios. */
export function coverageTable(methods: readonly string[], recording: Recording): string {
  const lines = methods.map((name) => {
    const operations = [...(recording.get(name) ?? [])].sort().map((operation) => `\`${operation}\``)
    return `| \`${name}\` | ${operations.join('<br>')} |`
  })
  return [
    '# Resources and their operations',
    '',
    'Each method of each resource with the operations that it calls. A method has a row only when the tests call it',
    'against the local PostHog, whose responses are validated with the schema, and against a mock of the schema, which rejects',
    'invalid requests. `npm test` fails when this page is out of date; `npm run coverage` updates it.',
    '',
    `${methods.length} methods.`,
    '',
    '| method | operations |',
    '| ------ | ---------- |',
    ...lines,
    '',
  ].join('\n')
}
