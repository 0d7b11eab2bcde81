import { NotFoundError } from '../runtime/errors/api-errors.ts'

/** 404 of something that was looked for by other means than its id. */
export function missing(operation: string, what: string): NotFoundError {
  return new NotFoundError({
    operation,
    status: 404,
    message: `There is no ${what}.`,
    fix: 'Check the spelling and the project; what was deleted is not found either.',
    routeUnknown: false,
    currentVersion: undefined,
  })
}
