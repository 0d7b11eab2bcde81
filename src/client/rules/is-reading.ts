import { readingPosts } from '../../generated/rules.gen.ts'
import { placeOf } from './place-of.ts'

/** Whether an operation changes nothing, so that it may be sent again after an unknown outcome. */
export function isReading(method: string, template: string): boolean {
  return method === 'GET' || method === 'HEAD' || readingPosts.has(placeOf(`${method} ${template}`))
}
