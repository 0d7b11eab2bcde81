import { jsonResponse } from '../../http/json.ts'
import type { Route } from '../../http/route.ts'
import { collectionOf } from '../../store/collection.ts'
import { requiredError } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { integrations } from '../integrations/integration-routes.ts'
import { issueRoutes } from './issue-routes.ts'
import { ruleRoutes } from './rule-routes.ts'

const PROVIDERS = ['github', 'gitlab'] as const
const ASKED = ['owner', 'repository', 'code_sample', 'file_name']

// The code is with the provider, and no provider is asked from here: a file is never found.
const linkRoutes = PROVIDERS.map((provider) =>
  actionRoute(
    'GET',
    `projects/:project/error_tracking/git-provider-file-links/resolve_${provider}`,
    'error_tracking:read',
    ({ world, url }) => {
      const absent = ASKED.find((name) => !url.searchParams.get(name))
      if (absent !== undefined) throw requiredError(absent)
      const connected = collectionOf(world, integrations.kind)
        .all()
        .some((integration) => integration['kind'] === provider)
      return jsonResponse(
        200,
        connected ? { found: false } : { found: false, error: `No ${provider} integration` },
      )
    },
  ),
)

/** Error tracking: issues, fingerprints, rules and links to code. */
export const errorTrackingRoutes: readonly Route[] = [...issueRoutes, ...ruleRoutes, ...linkRoutes]
