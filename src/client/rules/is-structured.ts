import { structuredAnswers } from '../../generated/rules.gen.ts'
import { placeOf } from './place-of.ts'

/** Whether an operation answers an object or a list as JSON. What PostHog's schema does not have may answer anything. */
export function isStructured(method: string, template: string): boolean {
  const place = placeOf(template)
  const methods = Object.hasOwn(structuredAnswers, place) ? structuredAnswers[place] : undefined
  return methods?.split(' ').includes(method) === true
}
