import { flagLists } from '../../generated/rules.gen.ts'
import type { PagingKind } from '../../runtime/paging/read-page.ts'
import { placeOf } from './place-of.ts'

/** How a list tells about its next page. Those that have none are known by their answer. */
export function pagingOf(route: string): PagingKind {
  return flagLists.has(placeOf(String(route))) ? 'flag' : 'link'
}
