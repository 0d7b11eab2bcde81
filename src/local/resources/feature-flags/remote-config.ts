import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { payloadOf } from './flag-conditions.ts'

/** GET the payload of a flag, by its id or key: as it is stored, which is JSON in a JSON text. */
export function remoteConfig({ world, project, params }: Call): Response {
  const name = params['id'] ?? ''
  const flag = world.data.stores.flags.find(
    ({ id, project: owner, settings }) =>
      owner === project && !settings.deleted && (String(id) === name || settings.key === name),
  )
  if (flag === undefined || !flag.settings.is_remote_configuration) return new Response(null, { status: 404 })
  const payload = payloadOf(flag.settings.filters, 'true')
  return payload ? jsonResponse(200, payload) : new Response(null, { status: 200 })
}
