import { RateLimitError } from '../errors/rate-limit-error.ts'

/** The error of a call that would have its turn only after its deadline. */
export function notSent(operation: string, bucket: string, retryAt: Date): RateLimitError {
  return new RateLimitError({
    operation,
    bucket,
    retryAt,
    source: 'client',
    status: 429,
    message: `${operation} was not sent: the limit "${bucket}" is used up until ${retryAt.toISOString()}.`,
    fix: 'Wait until `retryAt`, raise `totalTimeout`, or spread the work: all jobs with this key share its limit.',
  })
}
