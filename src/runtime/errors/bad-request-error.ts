import { APIError } from './api-error.ts'

/** 400, or another 4xx about the form of the request: the request itself has to change. */
export class BadRequestError extends APIError {
  override readonly name: 'BadRequestError' | 'MissingVariablesError' = 'BadRequestError'
  override readonly kind: 'bad_request' | 'missing_variables' = 'bad_request'
  /** HogQL text of the query, where the call sent one. */
  declare readonly query?: string | undefined
  /** Values of its placeholders. `toJSON` writes each as `[redacted]`. */
  declare readonly values?: Readonly<Record<string, unknown>> | undefined
  /** Id of the run that failed, where PostHog names it. */
  declare readonly executionId?: string | undefined
}
