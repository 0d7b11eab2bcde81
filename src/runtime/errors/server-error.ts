import { APIError } from './api-error.ts'

/** 5xx: PostHog, or a proxy in front of it, failed. */
export class ServerError extends APIError {
  override readonly name = 'ServerError' as const
  override readonly kind = 'server' as const
}
