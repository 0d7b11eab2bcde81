import { unauthorized } from '../api-error.ts'
import { member } from '../json.ts'
import type { LocalKey } from './keys.ts'

/** Where PostHog looks for a key, in this order. Only the first place that holds one is tried. */
type Place = 'Authorization header' | 'body' | 'query string'

/**
 * Finds the key of a request.
 *
 * @param secretKeys Whether the route belongs to a product that knows project secret keys at all. Elsewhere such a
 * key is looked up as if it were a personal one, and is not found.
 * @throws ApiError 401 without a key or with an unknown one.
 */
export function authenticate(
  request: Request,
  url: URL,
  body: unknown,
  keys: readonly LocalKey[],
  secretKeys: boolean,
): LocalKey {
  const found = findKey(request, url, body)
  if (found === undefined) {
    throw unauthorized(url.origin, 'not_authenticated', 'Authentication credentials were not provided.')
  }
  const key = keys.find((candidate) => candidate.value === found.value)
  const usable =
    key?.kind === 'personal' || (key !== undefined && secretKeys && found.place === 'Authorization header')
  if (key === undefined || !usable) {
    const detail = `Personal API key found in request ${found.place} is invalid.`
    throw unauthorized(url.origin, 'authentication_failed', detail)
  }
  return key
}

function findKey(request: Request, url: URL, body: unknown): { value: string; place: Place } | undefined {
  const header = /^Bearer\s+(\S.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]?.trim()
  if (header !== undefined) return { value: header, place: 'Authorization header' }
  const inBody = member(body, 'personal_api_key')
  if (typeof inBody === 'string' && inBody !== '') return { value: inBody, place: 'body' }
  const inQuery = url.searchParams.get('personal_api_key')
  return inQuery === null ? undefined : { value: inQuery, place: 'query string' }
}
