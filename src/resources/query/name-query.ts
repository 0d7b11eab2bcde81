import { BadRequestError, QueryError, QueryTimeoutError } from '../../runtime/errors/api-errors.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'

/**
 * Adds the text and the values of a query to the error that PostHog answered to it. Other errors stay as they are.
 *
 * @example await send(…).catch(nameQuery(query))
 */
export function nameQuery({ query, values }: HogQL<unknown>): (error: unknown) => never {
  return (error) => {
    const isAboutQuery =
      error instanceof BadRequestError || error instanceof QueryError || error instanceof QueryTimeoutError
    if (isAboutQuery) Object.assign(error, { query, values })
    throw error
  }
}
