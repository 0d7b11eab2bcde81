import { APIError } from './api-error.ts'

/** 409: the object was changed meanwhile, or is in a state that forbids the request. */
export class ConflictError extends APIError {
  override readonly name = 'ConflictError' as const
  override readonly kind = 'conflict' as const
}
