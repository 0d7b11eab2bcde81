import { readListedEndpoint } from '../../codegen/endpoints/describe-endpoint.ts'
import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import { closestName } from '../../shared/did-you-mean.ts'
import type { Connection } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'

/** Adds the closest endpoint name to a "not found" error, if the key can list endpoints. */
export async function withNameSuggestion<T>(
  context: Context,
  { client }: Connection,
  name: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const canList = client.config.keyKind !== 'project_secret'
    if (!(error instanceof NotFoundError) || error.routeUnknown || !canList) throw error
    const names: string[] = []
    try {
      for await (const endpoint of client.endpoints.list({}, { signal: context.io.signal })) {
        names.push(readListedEndpoint(endpoint).name)
      }
    } catch {
      // The suggestion is optional: report the original error.
      throw error
    }
    if (names.includes(name)) throw error
    const closest = closestName(name, names)
    throw new UsageError(
      `The project has no endpoint "${name}".`,
      closest === undefined
        ? 'Run `typehog endpoints ls` to list the endpoints.'
        : `Did you mean "${closest}"?`,
      error,
    )
  }
}
