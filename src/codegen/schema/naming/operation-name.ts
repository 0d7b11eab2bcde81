import type { HttpMethod } from '../document.ts'
import { actionVerbs, batchWords } from './action-verbs.ts'
import { isPlural, singular } from './plural.ts'
import { parseRoute, type Route, type RoutePart } from './route.ts'
import { camelCase, wordsOf } from './words.ts'

/** First-level paths without items, whose GET answers one object and not a list. */
const singletons: ReadonlySet<string> = new Set(['event_filter', 'quota_limits', 'web_vitals'])

/** After these words a plural belongs to a phrase and does not name what is created: `batch_by_distinct_ids`. */
const prepositions: ReadonlySet<string> = new Set(['between', 'by', 'for', 'from', 'to', 'with'])

const verbs: Readonly<Record<HttpMethod, string>> = {
  get: 'get',
  post: 'create',
  put: 'replace',
  patch: 'update',
  delete: 'delete',
  head: 'check',
  options: 'describe',
  trace: 'trace',
}

/**
 * Names an operation after its method and path and nothing else, so that renamed ids, new tags and other responses
 * leave the name alone.
 *
 * 1. `/api` and `/projects/{project_id}` fall away. What is left is a row of parts; parts before a parameter are
 *    singular, the others stand as they are. Organization routes keep their `organizations` part, which makes them
 *    differ from their project twins.
 * 2. Verb by method: `get`, `create` (POST), `replace` (PUT), `update` (PATCH), `delete`.
 * 3. GET that ends in a part is `list` when it is the first part (single-object resources excepted) or its last word
 *    is a plural, else `get`.
 * 4. POST, PUT and PATCH that end in a part starting with a known verb take that verb, then the parts before it,
 *    then the rest of the part: `…/{id}/archive/` is `archiveFeatureFlag`, `…/{id}/run_test_step/` is
 *    `runBatchExportTestStep`, `bulk_delete` keeps `bulk` before the verb.
 * 5. Other POSTs that end in a part make its last word singular: `createFeatureFlag`.
 * 6. POST that ends in a parameter is `post`, because such routes differ in what they do.
 *
 * @example
 * operationName('get', '/api/projects/{project_id}/feature_flags/') // 'listFeatureFlags'
 * operationName('get', '/api/projects/{project_id}/feature_flags/{id}/activity/') // 'getFeatureFlagActivity'
 * operationName('post', '/api/projects/{project_id}/endpoints/{name}/run/') // 'runEndpoint'
 * operationName('get', '/api/organizations/{organization_id}/members/') // 'listOrganizationMembers'
 */
export function operationName(method: HttpMethod, path: string): string {
  const route = parseRoute(path)
  const last = route.parts.at(-1)
  if (last === undefined || route.endsInParameter) {
    return join(method === 'post' ? 'post' : verbs[method], route.parts.flatMap(asItStands))
  }
  const before = route.parts.slice(0, -1).flatMap(asItStands)
  if (method === 'get') return join(reads(route, last), [...before, ...last.words])
  const action = method === 'delete' ? undefined : readAction(last.words)
  if (action !== undefined && route.parts.length > 1) return join(action.verb, [...before, ...action.rest])
  return join(verbs[method], [...before, ...(method === 'post' ? oneOf(last.words) : last.words)])
}

/**
 * Longer names for the rare case that two routes share a name, in order of preference: without reading actions
 * (`createFeatureFlagArchive`), then with the parameters (`createFeatureFlagArchiveById`).
 */
export function longerNames(method: HttpMethod, path: string): readonly [string, string] {
  const route = parseRoute(path)
  const verb = method === 'post' && route.endsInParameter ? 'post' : verbs[method]
  const plain = join(verb, route.parts.flatMap(asItStands))
  const parameters = route.parameters.flatMap(wordsOf)
  return [plain, `${plain}By${join('', parameters.length === 0 ? ['path'] : parameters)}`]
}

function reads(route: Route, last: RoutePart): 'get' | 'list' {
  const first = route.parts.length === 1
  if (first) return singletons.has(last.words.join('_')) ? 'get' : 'list'
  return isPlural(last.words.at(-1) ?? '') ? 'list' : 'get'
}

function readAction(words: readonly string[]): { verb: string; rest: readonly string[] } | undefined {
  const [first = '', second = '', ...rest] = words
  if (batchWords.has(first) && actionVerbs.has(second)) return { verb: camelCase([first, second]), rest }
  return actionVerbs.has(first) ? { verb: first, rest: words.slice(1) } : undefined
}

function asItStands(part: RoutePart): readonly string[] {
  return part.one ? [...part.words.slice(0, -1), singular(part.words.at(-1) ?? '')] : part.words
}

function oneOf(words: readonly string[]): readonly string[] {
  if (words.some((word) => prepositions.has(word))) return words
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')]
}

function join(verb: string, words: readonly string[]): string {
  const rest = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return `${verb}${rest}`
}
