import type { FeatureFlag } from '../../resources/feature-flags/flag.ts'
import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import { closestName } from '../../shared/did-you-mean.ts'
import type { Connection } from '../connect.ts'
import { UsageError } from '../errors.ts'

/**
 * Finds a flag by its key.
 *
 * @throws UsageError for an unknown key; it suggests the closest one
 */
export async function findFlag(
  { client, projectId }: Connection,
  key: string,
  signal: AbortSignal,
): Promise<FeatureFlag> {
  if (key.trim() === '') throw new UsageError('Expected the key of a flag, got none.', lsFix)
  try {
    return await client.featureFlags.getByKey(key, { signal })
  } catch (error) {
    if (!(error instanceof NotFoundError) || error.routeUnknown) throw error
    const keys: string[] = []
    for await (const flag of client.featureFlags.list({}, { signal })) keys.push(flag.key)
    const closest = closestName(key, keys)
    throw new UsageError(
      `Project ${projectId} has no feature flag "${key}". Archived and deleted flags do not count.`,
      closest === undefined ? lsFix : `Did you mean "${closest}"?`,
      error,
    )
  }
}

const lsFix = 'Run `typehog flags ls` to list the flags.'
