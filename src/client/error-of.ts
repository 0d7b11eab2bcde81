import type { OperationErrors } from '../generated/operations.gen.ts'
import {
  APIError,
  type AuthenticationError,
  type ConflictError,
  type NotFoundError,
  type PermissionError,
  type QuotaExceededError,
  type RateLimitError,
} from '../runtime/errors/api-errors.ts'
import type { Route } from './request-function.ts'

/** The class of an error of the API by its status. Statuses with several classes have the base class. */
export type APIErrorOf<Status extends number> = Status extends 401
  ? AuthenticationError
  : Status extends 402
    ? QuotaExceededError
    : Status extends 403
      ? PermissionError
      : Status extends 404
        ? NotFoundError
        : Status extends 409
          ? ConflictError
          : Status extends 429
            ? RateLimitError
            : APIError

/** Documented bodies of an operation's errors, by status. */
type ErrorBodies<R extends Route> = R extends keyof OperationErrors ? OperationErrors[R] : unknown

/**
 * The body that PostHog's schema documents for an error of an operation. `unknown` where it documents none: for all but
 * about 30 operations. A firewall, or an invalid request, may cause another body.
 */
export type ErrorBodyOf<R extends Route, Status extends number = number> =
  ErrorBodies<R> extends infer Bodies
    ? Extract<keyof Bodies, Status> extends never
      ? unknown
      : Bodies[Extract<keyof Bodies, Status>]
    : never

/** Fields of a body that an error has under its own names. */
type Named = 'type' | 'code' | 'detail' | 'attr' | 'error' | 'extra' | 'query_status'

/** The rest of a documented body, as `extra` of an error has it. */
type ExtraOf<Body> = unknown extends Body
  ? unknown
  : Exclude<keyof Body, Named> extends never
    ? unknown
    : { readonly [Name in Exclude<keyof Body, Named>]?: Body[Name] } | undefined

/** The error of an operation, with the class of its status and the documented fields in `extra`. */
export type ErrorOf<R extends Route, Status extends number = number> = APIErrorOf<Status> & {
  readonly operation: R
  readonly status: Status
  readonly extra: ExtraOf<ErrorBodyOf<R, Status>>
}

/**
 * Whether an error is a response to one operation, and has this status, if given. Narrows the class of the error, and
 * `extra` to the fields that PostHog's schema documents beside `type`, `code`, `detail` and `attr`. Methods of resources
 * name their operations in `error.operation`.
 *
 * @example
 * const run = 'POST /api/projects/{project_id}/tasks/{id}/run/'
 * await posthog.request(run, { path: { id } }).catch((error) => {
 *   if (isErrorOf(error, run, 400)) console.log(error.extra?.missing_artifact_ids)
 *   else throw error
 * })
 */
export function isErrorOf<R extends Route, Status extends number = number>(
  error: unknown,
  operation: R,
  status?: Status,
): error is ErrorOf<R, Status> {
  return (
    error instanceof APIError && error.operation === operation && (status ?? error.status) === error.status
  )
}
