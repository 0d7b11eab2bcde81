import { APIError } from './api-error.ts'

/** 400, or another 4xx about the form of the request: the request itself has to change. */
export class BadRequestError extends APIError {
  override readonly name: 'BadRequestError' | 'MissingVariablesError' = 'BadRequestError'
  override readonly kind: 'bad_request' | 'missing_variables' = 'bad_request'
}
