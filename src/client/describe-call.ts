import type { Call } from '../runtime/transport/context.ts'
import { isReading } from './rules/is-reading.ts'
import { isUnderEnvironments } from './rules/is-under-environments.ts'
import { throttleOf } from './rules/throttle-of.ts'

/** POSTs for which PostHog runs a query, of which a project may have only a few at once. */
const queries = /^\/api\/projects\/\{project_id\}\/(?:query\/(?:\{\w+\}\/)?|endpoints\/\{name\}\/run\/)$/

/** What the runtime has to know of an operation, from the rules that are generated from PostHog's schema. */
export function describeCall(
  method: string,
  template: string,
  path: Readonly<Record<string, unknown>>,
): Call {
  const project = path['project_id']
  return {
    operation: `${method} ${template}`,
    replay: isReading(method, template) ? 'safe' : 'unsafe',
    throttle: throttleOf(method, template),
    runsQuery: method === 'POST' && queries.test(template),
    project: project === undefined ? undefined : String(project),
    underEnvironments: isUnderEnvironments(template),
    body: 'buffer',
  }
}
