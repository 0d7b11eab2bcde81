import { formBodies } from '../../generated/rules.gen.ts'
import { placeOf } from './place-of.ts'

/** Whether an operation takes a form and not JSON. */
export function isForm(method: string, template: string): boolean {
  return formBodies.has(placeOf(`${method} ${template}`))
}
