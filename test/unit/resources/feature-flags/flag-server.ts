import { errorResponse, type FakeServer, fakeServer, type RecordedRequest } from '../../fake-server.ts'

export type Flag = Record<string, unknown> & { id: number; key: string; version?: number | null }

export interface FlagServer extends FakeServer {
  /** The flags as they are. */
  readonly flags: Flag[]
  /** The bodies of the changes. */
  readonly changes: () => RecordedRequest['body'][]
}

export function flagOf(id: number, key: string, fields: object = {}): Flag {
  const filters = { groups: [{ properties: [], rollout_percentage: 10 }] }
  return { id, key, name: key, active: true, tags: [], deleted: false, version: 1, filters, ...fields }
}

/** Pages of two, a search that finds texts, changes that count versions. */
export function flagServer(
  flags: Flag[],
  before: (asked: RecordedRequest, call: number) => Response | undefined = () => undefined,
): FlagServer {
  const server = fakeServer((asked, call) => {
    const early = before(asked, call)
    if (early !== undefined) return early
    const { method, url, body } = asked
    const { pathname, searchParams, origin } = new URL(url)
    const id = /feature_flags\/(\d+)\/$/.exec(pathname)?.[1]
    if (id !== undefined) {
      const flag = flags.find((one) => one.id === Number(id))
      if (flag === undefined) return errorResponse(404, { code: 'not_found', detail: 'Not found.' })
      if (method === 'PATCH') {
        const { version: _, original_flag: __, ...changes } = body
        Object.assign(flag, changes)
        if (typeof flag.version === 'number') flag.version += 1
      }
      return Response.json(flag)
    }
    if (method === 'POST') {
      const flag = flagOf(flags.length + 1, String(body['key']), body)
      flags.push(flag)
      return Response.json(flag, { status: 201 })
    }
    const found = flags.filter(({ key }) => key.includes(searchParams.get('search') ?? ''))
    const offset = Number(searchParams.get('offset') ?? 0)
    searchParams.set('offset', String(offset + 2))
    const next = found.length > offset + 2 ? `${origin}${pathname}?${searchParams}` : null
    const results = found.slice(offset, offset + 2)
    return Response.json({ count: found.length, next, previous: null, results })
  })
  const changes = (): RecordedRequest['body'][] =>
    server.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => body)
  return { ...server, flags, changes }
}

export const conflict = (): Response => errorResponse(409, { code: 'conflict', detail: 'changed meanwhile' })
