import { isObject } from '../../../shared/is-object.ts'
import type { Route } from '../../http/route.ts'
import { choice, json } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'

const KINDS = [
  'azure-blob',
  'bing-ads',
  'clickup',
  'customerio-app',
  'customerio-track',
  'customerio-webhook',
  'databricks',
  'email',
  'firebase',
  'github',
  'gitlab',
  'google-ads',
  'google-cloud-service-account',
  'google-cloud-storage',
  'google-pubsub',
  'google-sheets',
  'hubspot',
  'intercom',
  'jira',
  'linear',
  'linkedin-ads',
  'meta-ads',
  'pinterest-ads',
  'postgresql',
  'reddit-ads',
  'salesforce',
  'slack',
  'slack-posthog-code',
  'snapchat',
  'stripe',
  'tiktok-ads',
  'twilio',
  'vercel',
]

/** Connections to other services. The local PostHog stores them and calls no service. */
export const integrations: Resource = {
  kind: { name: 'integrations', ids: 'integer' },
  path: 'projects/:project/integrations',
  object: 'integration',
  fields: { kind: choice(KINDS, { required: true }), config: json({ default: {} }) },
  systemFields: ['created_at', 'created_by'],
  operations: ['list', 'create', 'get', 'delete'],
  deletion: 'hard',
  activity: 'Integration',
  filterBy: ['kind'],
  view: (_, { id, kind, config }) => {
    const name = isObject(config) ? (config['name'] ?? config['email'] ?? config['account_id']) : undefined
    return { display_name: String(name ?? `${String(kind)} ${id}`), errors: '' }
  },
}

export const integrationRoutes: readonly Route[] = resourceRoutes(integrations)
