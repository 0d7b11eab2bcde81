import { type Assertion, area } from '../assertion.ts'
import { at } from '../outcome.ts'
import {
  both,
  equals,
  hasFields,
  hasShape,
  hasStatus,
  isError,
  lacksFields,
  matches,
  shapeOf,
} from '../verdicts.ts'
import { noId } from './create.ts'

const { read } = area('access', { source: 'PostHog/posthog posthog/auth.py', date: '2026-11-20' })
const permissions = { source: 'PostHog/posthog posthog/permissions.py' }
const keys = { source: 'PostHog/posthog posthog/api/personal_api_key.py' }
const envelope = { source: 'PostHog/drf-exceptions-hog exceptions_hog/handler.py' }
const routing = { source: 'PostHog/posthog posthog/api/routing.py' }
const current = '/api/personal_api_keys/@current/'
const unknownKey = 'phx_typehogConformance0000000000000000000000000'

/** Keys, statuses 401 and 403, and the form of errors. */
export const accessFacts: readonly Assertion[] = [
  read('no-key', 'A request without a key is 401 with the code not_authenticated.', async (probe) =>
    isError(await probe.callAs(undefined, 'GET', 'cohorts/'), 401, 'not_authenticated'),
  ),
  read(
    'no-key-detail',
    'The detail of 401 without a key says that credentials were not provided.',
    async (probe) =>
      matches(
        at((await probe.callAs(undefined, 'GET', 'cohorts/')).body, 'detail'),
        /^Authentication credentials were not provided\.$/,
      ),
  ),
  read('unknown-key', 'An unknown key is 401 with the code authentication_failed.', async (probe) =>
    isError(await probe.callAs(unknownKey, 'GET', 'cohorts/'), 401, 'authentication_failed'),
  ),
  read('unknown-key-detail', 'The detail of an unknown key says where the key was found.', async (probe) =>
    matches(
      at((await probe.callAs(unknownKey, 'GET', 'cohorts/')).body, 'detail'),
      /^Personal API key found in request Authorization header is invalid\.$/,
    ),
  ),
  read('401-type', 'The type of 401 is authentication_error.', async (probe) =>
    equals(at((await probe.callAs(unknownKey, 'GET', 'cohorts/')).body, 'type'), 'authentication_error'),
  ),
  read(
    'www-authenticate',
    'A 401 has WWW-Authenticate with the URL of the protected resource metadata.',
    async (probe) => {
      const { headers } = await probe.callAs(unknownKey, 'GET', 'cohorts/')
      const found = /^Bearer resource_metadata="\S+\/\.well-known\/oauth-protected-resource"/.test(
        headers.get('www-authenticate') ?? '',
      )
      return {
        held: found,
        seen: found ? 'the header' : headers.has('www-authenticate') ? 'another value' : 'no header',
      }
    },
    { source: 'PostHog/posthog posthog/exceptions.py' },
  ),
  read(
    'current-key',
    'A key can describe itself, whatever its scopes.',
    async (probe) =>
      hasFields(
        await probe.need('GET', current),
        'id',
        'label',
        'mask_value',
        'created_at',
        'last_used_at',
        'last_rolled_at',
        'user_id',
        'scopes',
        'scoped_teams',
        'scoped_organizations',
      ),
    keys,
  ),
  read(
    'current-key-scopes',
    'The scopes of a key are an array of strings.',
    async (probe) => hasShape(at(await probe.need('GET', current), 'scopes'), 'an array of a string'),
    keys,
  ),
  read(
    'current-key-value',
    'The description of a key does not hold its value.',
    async (probe) => {
      const { held, seen } = lacksFields(await probe.need('GET', current), 'value')
      const value = at(await probe.need('GET', current), 'value')
      return held || value === null
        ? { held: true, seen }
        : { held: false, seen: `value is ${shapeOf(value)}` }
    },
    keys,
  ),
  read(
    'key-list',
    'The list of keys is refused to keys with 403.',
    async (probe) => isError(await probe.call('GET', '/api/personal_api_keys/'), 403, 'permission_denied'),
    keys,
  ),
  read(
    'key-list-detail',
    'The detail of 403 for a route without keys says so.',
    async (probe) =>
      matches(
        at((await probe.call('GET', '/api/personal_api_keys/')).body, 'detail'),
        /^This action does not support personal api key access/i,
      ),
    permissions,
  ),
  read(
    '403-type',
    'The type of 403 is authentication_error, like that of 401.',
    async (probe) =>
      equals(at((await probe.call('GET', '/api/personal_api_keys/')).body, 'type'), 'authentication_error'),
    envelope,
  ),
  read('403-header', 'A 403 has no WWW-Authenticate.', async (probe) => {
    const { headers } = await probe.call('GET', '/api/personal_api_keys/')
    const none = !headers.has('www-authenticate')
    return { held: none, seen: none ? 'no header' : 'the header' }
  }),
  read(
    'current-user',
    'GET /api/users/@me/ holds the current organization and project, and all organizations.',
    async (probe) =>
      hasFields(await probe.need('GET', '/api/users/@me/'), 'uuid', 'organization', 'team', 'organizations'),
    permissions,
  ),
  read(
    'unknown-route',
    'An unknown route is 404 not_found with "Endpoint not found."',
    async (probe) => {
      const reply = await probe.call('GET', 'typehog_conformance/')
      return both(
        isError(reply, 404, 'not_found'),
        matches(at(reply.body, 'detail'), /^Endpoint not found\.$/),
      )
    },
    { source: 'PostHog/posthog posthog/api/__init__.py' },
  ),
  read(
    'unknown-object',
    'An unknown object is 404 not_found with "Not found."',
    async (probe) => {
      const reply = await probe.call('GET', `cohorts/${noId}/`)
      return both(isError(reply, 404, 'not_found'), matches(at(reply.body, 'detail'), /^Not found\.$/))
    },
    envelope,
  ),
  read(
    'unknown-project',
    'An unknown project is 404 with "Project not found."',
    async (probe) => {
      const reply = await probe.call('GET', `/api/projects/${noId}/cohorts/`)
      return both(
        isError(reply, 404, 'not_found'),
        matches(at(reply.body, 'detail'), /^Project not found\.$/),
      )
    },
    routing,
  ),
  read(
    'project-id-text',
    'A project id that is no integer is 404.',
    async (probe) => hasStatus(await probe.call('GET', '/api/projects/typehog-conformance/cohorts/'), 404),
    routing,
  ),
  read(
    'error-fields',
    'An error has exactly the fields type, code, detail and attr.',
    async (probe) => {
      const { body } = await probe.call('GET', `cohorts/${noId}/`)
      const names = Object.keys(Object(body)).sort().join(', ')
      return { held: names === 'attr, code, detail, type', seen: names }
    },
    envelope,
  ),
  read(
    '404-type',
    'The type of 404 is invalid_request, and its attr is null.',
    async (probe) => {
      const { body } = await probe.call('GET', `cohorts/${noId}/`)
      return both(equals(at(body, 'type'), 'invalid_request'), equals(at(body, 'attr'), null))
    },
    envelope,
  ),
  read(
    'no-slash',
    'A path without its final slash is served without a redirect.',
    async (probe) => hasStatus(await probe.call('GET', 'cohorts', { query: { limit: 1 } }), 200),
    routing,
  ),
  read(
    'environments',
    'A path under /api/environments/ is served, with the headers Deprecation, Sunset and Link.',
    async (probe) => {
      const { status, headers } = await probe.call('GET', `/api/environments/${probe.projectId}/cohorts/`, {
        query: { limit: 1 },
      })
      const missing = ['deprecation', 'sunset', 'link'].filter((name) => !headers.has(name))
      return {
        held: status === 200 && missing.length === 0,
        seen: `status ${status}, ${missing.length === 0 ? 'all headers' : `without ${missing.join(', ')}`}`,
      }
    },
    { source: 'PostHog/posthog posthog/middleware.py' },
  ),
  read(
    'trace-headers',
    'Responses have no X-RateLimit headers.',
    async (probe) => {
      const { headers } = await probe.call('GET', 'cohorts/', { query: { limit: 1 } })
      const found = [...headers.keys()].filter((name) => /^(?:x-)?ratelimit/i.test(name))
      return { held: found.length === 0, seen: found.length === 0 ? 'none' : found.join(', ') }
    },
    { source: 'PostHog/posthog posthog/rate_limit.py' },
  ),
]
