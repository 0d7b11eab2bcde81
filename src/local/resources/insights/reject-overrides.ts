import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'

const OVERRIDES = ['filters_override', 'variables_override']

/**
 * Rejects overrides in a query, which would change results. Empty ones pass.
 *
 * @throws ApiError 400
 */
export function rejectOverrides({ searchParams }: URL): void {
  for (const name of OVERRIDES) {
    const text = searchParams.get(name)
    if (text !== null && text !== '' && !isEmpty(name, text)) {
      throw invalid(name, `The local PostHog does not support ${name}`)
    }
  }
}

function isEmpty(name: string, text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return value === null || (isObject(value) && Object.keys(value).length === 0)
  } catch {
    throw invalid(name, 'Invalid JSON')
  }
}
