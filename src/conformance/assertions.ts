import type { Assertion } from './assertion.ts'
import { accessFacts } from './facts/access.ts'
import { backgroundQueryFacts } from './facts/background-queries.ts'
import { contentFacts } from './facts/content.ts'
import { endpointRunFacts } from './facts/endpoint-runs.ts'
import { endpointFacts } from './facts/endpoints.ts'
import { flagFacts } from './facts/flags.ts'
import { listFacts } from './facts/lists.ts'
import { peopleFacts } from './facts/people.ts'
import { productFacts } from './facts/products.ts'
import { queryFacts } from './facts/queries.ts'

/** All assertions, in the order in which they run. */
export const assertions: readonly Assertion[] = [
  ...accessFacts,
  ...listFacts,
  ...queryFacts,
  ...backgroundQueryFacts,
  ...peopleFacts,
  ...flagFacts,
  ...contentFacts,
  ...endpointFacts,
  ...endpointRunFacts,
  ...productFacts,
]
