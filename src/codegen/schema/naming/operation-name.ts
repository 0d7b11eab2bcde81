import { byCodeUnit } from '../../source-text.ts'
import type { HttpMethod } from '../document.ts'
import { actionVerbs, batchWords } from './action-verbs.ts'
import { parseRoute, type Route, type RoutePart } from './route.ts'
import { camelCase, isPlural, singular, wordsOf } from './words.ts'

/** Top-level paths whose GET returns one object, not a list. */
const singletons: ReadonlySet<string> = new Set(['event_filter', 'quota_limits', 'web_vitals'])

/** With these words a plural is part of a phrase and not the created item: `batch_by_distinct_ids`. */
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
 * Names an operation by method and path only. Renamed ids, new tags and changed responses do not affect the name.
 *
 * 1. Drop `/api` and `/projects/{project_id}`. Make segments before a parameter singular. Organization routes keep the
 *    segment `organizations`, which distinguishes them from project routes.
 * 2. Choose the verb by method: `get`, `create` (POST), `replace` (PUT), `update` (PATCH), `delete`.
 * 3. A GET that ends in a segment is `list` when this is the first segment (except single-object resources) or its last
 *    word is a plural. Otherwise it is `get`.
 * 4. A POST, PUT or PATCH whose last segment starts with a known verb uses that verb, then the segments before it, then
 *    the rest of the segment: `…/{id}/archive/` is `archiveFeatureFlag`, `…/{id}/run_test_step/` is
 *    `runBatchExportTestStep`. `bulk_delete` keeps `bulk` before the verb.
 * 5. Any other POST that ends in a segment makes its last word singular: `createFeatureFlag`.
 * 6. A POST that ends in a parameter is `post`, because such routes have no common meaning.
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
    return join(method === 'post' ? 'post' : verbs[method], route.parts.flatMap(segmentWords))
  }
  const before = route.parts.slice(0, -1).flatMap(segmentWords)
  if (method === 'get') return join(getVerb(route, last), [...before, ...last.words])
  const action = method === 'delete' ? undefined : readAction(last.words)
  if (action !== undefined && route.parts.length > 1) return join(action.verb, [...before, ...action.rest])
  return join(verbs[method], [...before, ...(method === 'post' ? createdWords(last.words) : last.words)])
}

/**
 * Returns longer names for routes that share a name, in order of preference: without an action verb
 * (`createFeatureFlagArchive`), then with the parameters (`createFeatureFlagArchiveById`).
 */
export function longerNames(method: HttpMethod, path: string): readonly [string, string] {
  const route = parseRoute(path)
  const verb = method === 'post' && route.endsInParameter ? 'post' : verbs[method]
  const plain = join(verb, route.parts.flatMap(segmentWords))
  const parameters = route.parameters.flatMap(wordsOf)
  return [plain, `${plain}By${join('', parameters.length === 0 ? ['path'] : parameters)}`]
}

function getVerb(route: Route, last: RoutePart): 'get' | 'list' {
  const first = route.parts.length === 1
  if (first) return singletons.has(last.words.join('_')) ? 'get' : 'list'
  return isPlural(last.words.at(-1) ?? '') ? 'list' : 'get'
}

function readAction(words: readonly string[]): { verb: string; rest: readonly string[] } | undefined {
  const [first = '', second = '', ...rest] = words
  if (batchWords.has(first) && actionVerbs.has(second)) return { verb: camelCase([first, second]), rest }
  return actionVerbs.has(first) ? { verb: first, rest: words.slice(1) } : undefined
}

function segmentWords(part: RoutePart): readonly string[] {
  return part.isItem ? [...part.words.slice(0, -1), singular(part.words.at(-1) ?? '')] : part.words
}

function createdWords(words: readonly string[]): readonly string[] {
  if (words.some((word) => prepositions.has(word))) return words
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')]
}

function join(verb: string, words: readonly string[]): string {
  const rest = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return `${verb}${rest}`
}

/** A route: a method and a path. */
export interface Routed {
  readonly path: string
  readonly method: HttpMethod
}

/**
 * Assigns a unique name to every route of a document. When several routes have the same name, the route with the fewest
 * parameters keeps it and the others get a longer one. The order of the input does not affect the names.
 *
 * @returns the names in the order of the input
 */
export function assignNames(routes: readonly Routed[]): string[] {
  const ranked = routes.map((route, index) => ({
    ...route,
    index,
    name: operationName(route.method, route.path),
    rank: parseRoute(route.path).parameters.length,
  }))
  ranked.sort((a, b) => a.rank - b.rank || byCodeUnit(a.path, b.path) || byCodeUnit(a.method, b.method))

  const claims = new Map<string, number>()
  for (const { name } of ranked) claims.set(name, (claims.get(name) ?? 0) + 1)
  const names = new Array<string>(routes.length)
  const taken = new Set<string>()
  const take = (index: number, name: string): void => {
    names[index] = name
    taken.add(name)
  }
  for (const { index, name } of ranked) if (claims.get(name) === 1) take(index, name)
  for (const { index, name, path, method } of ranked) {
    if (names[index] !== undefined) continue
    const candidates = [name, ...longerNames(method, path)]
    take(index, candidates.find((candidate) => !taken.has(candidate)) ?? withLetter(candidates, taken))
  }
  return names
}

/** Appends `A` until the name is unique. Only routes that differ in nothing but punctuation need this. */
function withLetter(candidates: readonly string[], taken: ReadonlySet<string>): string {
  let name = `${candidates.at(-1) ?? ''}A`
  while (taken.has(name)) name = `${name}A`
  return name
}
