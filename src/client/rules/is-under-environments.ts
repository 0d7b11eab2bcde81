import { environmentResources } from '../../generated/rules.gen.ts'
import { placeOf } from './place-of.ts'

/** Whether an older server may know a path under `/api/environments/` only. */
export function isUnderEnvironments(template: string): boolean {
  const place = placeOf(template)
  return place.startsWith('~') && environmentResources.has(place.slice(1).split('/', 1)[0] ?? '')
}
