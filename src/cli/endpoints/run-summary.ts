import type { EndpointResult } from '../../resources/endpoints/endpoint-result.ts'
import { countOfRows } from '../output/count-of-rows.ts'

type Facts = Pick<EndpointResult<unknown>, 'rows' | 'complete' | 'version' | 'materialized' | 'cache'>

/**
 * What a run came to, as one line, and whether rows are missing that somebody may expect.
 *
 * @param limit what `--limit` asked for: more rows than that are no surprise
 */
export function runSummary(
  { rows, complete, version, materialized, cache }: Facts,
  limit: number | undefined,
): { text: string; missing: boolean } {
  const requested = complete !== true && complete.reason === 'page' && limit !== undefined
  const text = [
    countOfRows(rows.length),
    version === undefined ? 'version not told' : `version ${version}`,
    materialized ? 'from the materialised table' : 'not materialised',
    ...(cache.hit ? ['cached'] : []),
    complete === true ? 'complete' : `${requested ? '' : 'INCOMPLETE: '}${incomplete(complete)}`,
  ].join(', ')
  return { text, missing: complete !== true && !requested }
}

function incomplete({ reason, limit }: Exclude<Facts['complete'], true>): string {
  switch (reason) {
    case 'page':
      return `more rows follow (limit ${limit}; go on with --offset)`
    case 'row_limit':
      return `as many rows as PostHog's limit of ${limit} (ask for more with --limit)`
    case 'row_cap':
      return `as many rows as PostHog ever returns at once, ${limit} (page with --limit and --offset)`
  }
}
