import { errorResponse, type FakeServer, fakeServer, type RecordedRequest } from '../../fake-server.ts'

export type Flag = Record<string, unknown> & { id: number; key: string; version?: number | null }

export interface FlagServer extends FakeServer {
  /** The current flags. */
  readonly flags: Flag[]
  /** The bodies of PATCH requests. */
  readonly changes: () => RecordedRequest['body'][]
}

export function flagOf(id: number, key: string, fields: object = {}): Flag {
  const filters = { groups: [{ properties: [], rollout_percentage: 10 }] }
  return { id, key, name: key, active: true, tags: [], deleted: false, version: 1, filters, ...fields }
}

/** A server for flags with pages of two flags, a text search, and versions that each change increases. */
export function flagServer(
  flags: Flag[],
  respondFirst: (request: RecordedRequest, call: number) => Response | undefined = () => undefined,
): FlagServer {
  const server = fakeServer((request, call) => {
    const override = respondFirst(request, call)
    if (override !== undefined) return override
    const { method, url, body } = request
    const { pathname, searchParams, origin } = new URL(url)
    const id = /feature_flags\/(\d+)\/$/.exec(pathname)?.[1]
    if (id !== undefined) {
      const flag = flags.find((each) => each.id === Number(id))
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
    const matches = flags.filter(({ key }) => key.includes(searchParams.get('search') ?? ''))
    const offset = Number(searchParams.get('offset') ?? 0)
    searchParams.set('offset', String(offset + 2))
    const next = matches.length > offset + 2 ? `${origin}${pathname}?${searchParams}` : null
    const results = matches.slice(offset, offset + 2)
    return Response.json({ count: matches.length, next, previous: null, results })
  })
  const changes = (): RecordedRequest['body'][] =>
    server.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => body)
  return { ...server, flags, changes }
}

export const conflict = (): Response => errorResponse(409, { code: 'conflict', detail: 'changed' })
