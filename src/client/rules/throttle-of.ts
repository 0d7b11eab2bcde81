import { throttles } from '../../generated/rules.gen.ts'
import type { ThrottleClass } from '../../runtime/limits/buckets.ts'
import { lookUp } from './place-of.ts'

/** The rate limit that counts an operation. Those of endpoints share the one of queries. */
export function throttleOf(method: string, template: string): ThrottleClass {
  const name = lookUp(throttles, method, template) ?? 'default'
  // A test holds the names of the table against the limits that the runtime knows.
  return (name === 'endpoints' ? 'query' : name) as ThrottleClass
}
