import { notFound } from './http/api-error.ts'
import type { Route } from './http/route.ts'

/** The OpenAPI document of the whole API; public, and only with its slash. Not found unless a schema was given. */
export const schemaRoutes: readonly Route[] = [
  {
    path: 'schema',
    throttle: 'default',
    public: true,
    methods: {
      GET: {
        handle: async ({ world }) => {
          if (world.schema === undefined) throw notFound('Endpoint not found.')
          return new Response(await world.schema(), {
            status: 200,
            headers: { 'Content-Type': 'application/vnd.oai.openapi+json' },
          })
        },
      },
    },
  },
]
