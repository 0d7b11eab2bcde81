import { isObject } from '../../shared/is-object.ts'
import { invalid } from '../http/api-error.ts'
import type { SavedQuery } from '../resources/query/saved-query.ts'

/** Nodes around a query that only control its display. */
const WRAPPERS = ['InsightVizNode', 'DataTableNode', 'DataVisualizationNode']

/** The query inside the nodes around it. @throws ApiError 400 when there is none. */
export function unwrapQuery(query: unknown): SavedQuery {
  if (!isObject(query) || typeof query['kind'] !== 'string') {
    throw invalid('query', 'Expected a query with a kind, such as HogQLQuery.')
  }
  if (WRAPPERS.includes(query['kind'])) return unwrapQuery(query['source'])
  return { ...query, kind: query['kind'] }
}
