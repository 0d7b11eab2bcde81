import { createClient, type Endpoint, hogql } from 'typehog'

// A program as one writes it with the package: see by-hand.ts for the same without.

const posthog = createClient()

const traffic: Endpoint<{ country?: string }, { path: string | null; views: number | null }> = {
  name: 'traffic',
  version: 1,
  kind: 'HogQLQuery',
  materialized: false,
  columns: [],
}

export async function topPages(since: Date): Promise<{ path: string; views: number }[]> {
  return await posthog.hogql<{ path: string; views: number }>`
    select properties.$pathname as path, count() as views from events
    where timestamp > ${since} group by path order by views desc limit ${20}`.rows()
}

export async function eventsPerDay(names: string[]): Promise<Map<string, number>> {
  const query = hogql<{ day: string; n: number }>`
    select toDate(timestamp) as day, count() as n from events
    where event in ${hogql.list(names)} group by day order by day limit 400`
  const { rows, complete } = await posthog.hogql(query)
  if (complete !== true) throw new Error(complete.reason)
  return new Map(rows.map(({ day, n }) => [day, n]))
}

export async function views(country: string): Promise<number> {
  const { rows } = await posthog.endpoints.run(traffic, { country })
  return rows.reduce((sum, row) => sum + (row.views ?? 0), 0)
}

export async function activeFlags(): Promise<string[]> {
  const keys: string[] = []
  for await (const flag of posthog.featureFlags.list({ active: 'true' })) keys.push(flag.key)
  return keys
}

export async function rollOut(key: string, percent: number): Promise<boolean | undefined> {
  const { active } = await posthog.featureFlags.ensure(key).then(({ flag }) => flag)
  await posthog.featureFlags.setRollout(key, percent)
  return active
}

export async function markDeploy(version: string): Promise<number> {
  const { id } = await posthog.annotations.create({
    content: `Deployed ${version}`,
    date_marker: new Date().toISOString(),
    scope: 'project',
  })
  return id
}

export async function cohortSizes(): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {}
  for (const { name, count } of await posthog.cohorts.list().toArray({ max: 1_000 })) {
    if (name != null && count != null) sizes[name] = count
  }
  return sizes
}

export async function titles(): Promise<string[]> {
  const { items } = await posthog.insights.list({ limit: 20 })
  return items.map(({ name, short_id }) => name ?? short_id)
}

export async function member(email: string): Promise<string | undefined> {
  const members = await posthog.members.list().toArray({ max: 1_000 })
  return members.find(({ user }) => user.email === email)?.id
}
