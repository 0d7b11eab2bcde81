// What with-typehog.ts does, with types and calls of its own.

interface Page<Item> {
  readonly results: Item[]
  readonly next: string | null
}

interface FeatureFlag {
  readonly id: number
  readonly key: string
  readonly name?: string
  readonly active?: boolean
  readonly filters: { groups?: { properties?: unknown[]; rollout_percentage?: number | null }[] }
}

interface Annotation {
  readonly id: number
  readonly content: string | null
  readonly date_marker: string | null
  readonly scope: 'project' | 'organization' | 'dashboard_item'
}

interface Cohort {
  readonly id: number
  readonly name: string | null
  readonly count: number | null
}

interface Insight {
  readonly id: number
  readonly name: string | null
  readonly short_id: string
}

interface Member {
  readonly id: string
  readonly level: number
  readonly user: { readonly email: string; readonly first_name: string }
}

interface QueryAnswer<Row extends readonly unknown[]> {
  readonly results: Row[]
  readonly columns: string[]
  readonly hasMore?: boolean
}

const host = process.env['POSTHOG_HOST'] ?? 'https://us.posthog.com'
const project = `/api/projects/${process.env['POSTHOG_PROJECT_ID'] ?? ''}`

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(path.startsWith('http') ? path : `${host}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${process.env['POSTHOG_PERSONAL_API_KEY'] ?? ''}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} returned ${response.status}.`)
  return (await response.json()) as Answer
}

async function* all<Item>(path: string): AsyncGenerator<Item, void> {
  let next: string | null = path
  while (next !== null) {
    const page: Page<Item> = await call<Page<Item>>('GET', next)
    yield* page.results
    next = page.next
  }
}

async function query<Row extends readonly unknown[]>(
  text: string,
  values: Record<string, unknown>,
): Promise<Row[]> {
  const body = { query: { kind: 'HogQLQuery', query: text, values } }
  const { results, hasMore } = await call<QueryAnswer<Row>>('POST', `${project}/query/`, body)
  if (hasMore) throw new Error('There are more rows.')
  return results
}

export async function topPages(since: Date): Promise<{ path: string; views: number }[]> {
  const rows = await query<[path: string, views: number]>(
    `select properties.$pathname as path, count() as views from events
    where timestamp > {since} group by path order by views desc limit 20`,
    { since: since.toISOString() },
  )
  return rows.map(([path, views]) => ({ path, views }))
}

export async function eventsPerDay(names: string[]): Promise<Map<string, number>> {
  const rows = await query<[day: string, n: number]>(
    `select toDate(timestamp) as day, count() as n from events
    where event in {names} group by day order by day limit 400`,
    { names },
  )
  return new Map(rows)
}

export async function views(country: string): Promise<number> {
  const { results } = await call<QueryAnswer<[path: string | null, views: number | null]>>(
    'POST',
    `${project}/endpoints/traffic/run/`,
    { variables: { country }, version: 1 },
  )
  return results.reduce((sum, [, views]) => sum + (views ?? 0), 0)
}

export async function activeFlags(): Promise<string[]> {
  const keys: string[] = []
  for await (const flag of all<FeatureFlag>(`${project}/feature_flags/?active=true`)) keys.push(flag.key)
  return keys
}

export async function rollOut(key: string, percent: number): Promise<boolean | undefined> {
  let found: FeatureFlag | undefined
  for await (const flag of all<FeatureFlag>(`${project}/feature_flags/?search=${encodeURIComponent(key)}`)) {
    if (flag.key === key) found = flag
  }
  found ??= await call<FeatureFlag>('POST', `${project}/feature_flags/`, { key })
  const groups = (found.filters.groups ?? [{}]).map((group) => ({ ...group, rollout_percentage: percent }))
  await call<FeatureFlag>('PATCH', `${project}/feature_flags/${found.id}/`, {
    filters: { ...found.filters, groups },
  })
  return found.active
}

export async function markDeploy(version: string): Promise<number> {
  const { id } = await call<Annotation>('POST', `${project}/annotations/`, {
    content: `Deployed ${version}`,
    date_marker: new Date().toISOString(),
    scope: 'project',
  })
  return id
}

export async function cohortSizes(): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {}
  for await (const { name, count } of all<Cohort>(`${project}/cohorts/`)) {
    if (name !== null && count !== null) sizes[name] = count
  }
  return sizes
}

export async function titles(): Promise<string[]> {
  const { results } = await call<Page<Insight>>('GET', `${project}/insights/?limit=20`)
  return results.map(({ name, short_id }) => name ?? short_id)
}

export async function member(email: string): Promise<string | undefined> {
  for await (const { id, user } of all<Member>('/api/organizations/@current/members/')) {
    if (user.email === email) return id
  }
  return undefined
}
