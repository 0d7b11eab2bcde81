import { deprecated } from '../../generated/rules.gen.ts'
import { placeOf } from './place-of.ts'

/** Whether PostHog is about to remove an operation. */
export function isDeprecated(method: string, template: string): boolean {
  return deprecated.has(placeOf(`${method} ${template}`))
}
