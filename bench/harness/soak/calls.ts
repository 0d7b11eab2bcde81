import type { Endpoint, hogql as HogQLTag, TypehogClient } from '../../../src/index.ts'
import { listed, rowCount } from './faulty-server.ts'

/** Options of a call. */
export interface SoakCallOptions {
  readonly signal?: AbortSignal | undefined
  readonly priority: 'high' | 'normal' | 'low'
}

/** Makes one call. Resolves with how it ended, and throws a `WrongResult` when the data is not that of the server. */
type SoakCall = (options: SoakCallOptions) => Promise<'ok' | 'left early'>

/** The data of a call is not what the server sent. */
class WrongResult extends Error {
  override readonly name = 'WrongResult'
}

/** The call of each kind, with its share of all calls. The shares add up to 1. */
export interface SoakKind {
  readonly name: string
  readonly share: number
  readonly call: SoakCall
}

const endpoint: Endpoint<object, { n: number; text: string }> = {
  name: 'signups',
  version: 1,
  kind: 'HogQLQuery',
  columns: [
    { name: 'n', type: 'integer' },
    { name: 'text', type: 'string' },
  ],
  materialized: false,
}

function check(isRight: boolean, what: string): void {
  if (!isRight) throw new WrongResult(what)
}

/** The kinds of calls. `random` chooses sizes, ids and where a reader leaves. */
export function soakKinds(
  posthog: TypehogClient,
  hogql: typeof HogQLTag,
  random: () => number,
): readonly SoakKind[] {
  const upTo = (max: number): number => Math.floor(random() * max)
  const rowsQuery = () =>
    hogql<{ n: number; text: string }>`select n, text from events where n > ${upTo(100)} limit 1000`
  const checkOrder = (ids: readonly unknown[]): void =>
    check(
      ids.every((id, at) => id === at),
      'the order of a list',
    )

  return [
    {
      name: 'get',
      share: 0.4,
      async call(options) {
        const id = upTo(1_000)
        const cohort = await posthog.cohorts.get(id, options)
        check(cohort.id === id, 'the id of a cohort')
        return 'ok'
      },
    },
    {
      name: 'write',
      share: 0.15,
      async call(options) {
        const id = upTo(1_000)
        const kind = upTo(3)
        if (kind === 0) await posthog.annotations.create({ content: `note ${id}` }, options)
        else if (kind === 1) await posthog.annotations.delete(id, options)
        else
          check(
            (await posthog.annotations.update(id, { content: 'x' }, options)).id === id,
            'the id of a write',
          )
        return 'ok'
      },
    },
    {
      name: 'list',
      share: 0.12,
      async call(options) {
        const concurrency = 1 + upTo(6)
        const list = posthog.annotations.list({ limit: 5 + upTo(10) }, { ...options, concurrency })
        if (upTo(4) === 0) {
          const max = 1 + upTo(listed.annotations)
          const items = await list.toArray({ max, allowPartial: true })
          checkOrder(items.map(({ id }) => id))
          check(items.length === max, 'the length of an array')
          return 'ok'
        }
        const stop = upTo(2) === 0 ? upTo(listed.annotations) : -1
        const ids: unknown[] = []
        for await (const { id } of list) {
          ids.push(id)
          if (ids.length === stop) return 'left early'
        }
        checkOrder(ids)
        check(ids.length === listed.annotations, 'the length of a list')
        return 'ok'
      },
    },
    {
      name: 'list without count',
      share: 0.02,
      async call(options) {
        const ids: unknown[] = []
        for await (const { id } of posthog.persons.list({ limit: 10 }, { ...options, concurrency: 3 }))
          ids.push(id)
        checkOrder(ids)
        check(ids.length === listed.persons, 'the length of a list')
        return 'ok'
      },
    },
    {
      name: 'hogql',
      share: 0.13,
      async call(options) {
        const { rows } = await posthog.hogql(rowsQuery(), options)
        checkOrder(rows.map(({ n }) => n))
        check(rows.length === rowCount, 'the number of rows')
        return 'ok'
      },
    },
    {
      name: 'endpoints.run',
      share: 0.1,
      async call(options) {
        const { rows } = await posthog.endpoints.run(endpoint, {}, options)
        check(rows.length === rowCount, 'the number of rows')
        return 'ok'
      },
    },
    {
      name: 'stream',
      share: 0.05,
      async call(options) {
        const stop = upTo(2 * rowCount)
        let rows = 0
        for await (const { n } of posthog.hogql(rowsQuery(), options).stream()) {
          check(n === rows, 'the order of rows')
          rows += 1
          if (rows === stop) return 'left early'
        }
        check(rows === rowCount, 'the number of rows')
        return 'ok'
      },
    },
    {
      name: 'asResponse',
      share: 0.03,
      async call(options) {
        const route = 'GET /api/projects/{project_id}/cohorts/'
        const response = await posthog.request(route, {}, options).asResponse()
        const reader = response.body?.getReader()
        if (upTo(2) === 0) {
          await reader?.read()
          await reader?.cancel()
          return 'left early'
        }
        while ((await reader?.read())?.done === false);
        return 'ok'
      },
    },
  ]
}
