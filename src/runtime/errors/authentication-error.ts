import { APIError } from './api-error.ts'

/** 401: PostHog does not know the key: it is missing, revoked, expired or of another region. */
export class AuthenticationError extends APIError {
  override readonly name: 'AuthenticationError' | 'WrongRegionError' = 'AuthenticationError'
  override readonly kind: 'authentication' | 'wrong_region' = 'authentication'
}
