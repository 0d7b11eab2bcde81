import { makeOperation, type Operation } from './operation.ts'
import { isDeprecated } from './rules/is-deprecated.ts'
import { isForm } from './rules/is-form.ts'
import { isReading } from './rules/is-reading.ts'
import { isUnderEnvironments } from './rules/is-under-environments.ts'
import { throttleOf } from './rules/throttle-of.ts'

/** POSTs for which PostHog runs a query, of which a project may have only a few at once. */
const queries = /^\/api\/projects\/\{project_id\}\/(?:query\/(?:\{\w+\}\/)?|endpoints\/\{name\}\/run\/)$/

/** What the tables of rules say of an operation. */
export function readOperation(method: string, template: string): Operation {
  return makeOperation(method, template, {
    replay: isReading(method, template) ? 'safe' : 'unsafe',
    throttle: throttleOf(method, template),
    runsQuery: method === 'POST' && queries.test(template),
    underEnvironments: isUnderEnvironments(template),
    form: isForm(method, template),
    deprecated: isDeprecated(method, template),
  })
}
