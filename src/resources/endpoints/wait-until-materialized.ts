import { type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { positive } from '../../runtime/config/resolve.ts'
import { TotalTimeoutError } from '../../runtime/errors/call-errors.ts'
import { MaterializationError } from '../../runtime/errors/result-errors.ts'
import { requireText } from '../check-arguments.ts'
import { startPolling } from '../polling.ts'
import { type CallOptions, callOptionNames, type Requester, type ResponseOf } from '../requester.ts'

const route = 'GET /api/projects/{project_id}/endpoints/{name}/materialization_status/'

/** How the table of an endpoint stands. */
export type EndpointMaterializationStatus = ResponseOf<typeof route>

/** How to wait for a table. */
export interface WaitForTable extends CallOptions {
  /** Which version's table. Default: the current one. */
  readonly version?: number | undefined
  /** Milliseconds between two questions. Default: 2,000. */
  readonly interval?: number | undefined
}

const optionNames: OptionNames<WaitForTable> = { ...callOptionNames, version: true, interval: true }

/** Asks for the table of an endpoint until it is there. */
export async function waitUntilMaterialized(
  api: Requester,
  name: string,
  wanted: WaitForTable = {},
): Promise<EndpointMaterializationStatus> {
  requireText('name', name)
  refuseUnknown('waitUntilMaterialized', wanted, optionNames)
  const { version, interval, totalTimeout, ...options } = wanted
  const wait = positive('interval', interval, 2_000)
  const polling = startPolling(api, totalTimeout, options.signal)
  const query = version === undefined ? {} : { version }
  const ask = async (): Promise<EndpointMaterializationStatus> => {
    try {
      const call = { ...options, totalTimeout: polling.left() }
      return await api.request(route, { path: { name }, query }, call)
    } catch (error) {
      throw error instanceof TotalTimeoutError ? new TotalTimeoutError(route, polling.ms) : error
    }
  }
  for (;;) {
    const found = await ask()
    if (found.ready === true) return found
    if (found.enabled === false || found.can_materialize === false || found.error)
      throw notComing(name, found)
    if (!(await polling.pause(wait))) throw new TotalTimeoutError(route, polling.ms)
  }
}

function notComing(
  name: string,
  { error, reason, enabled }: EndpointMaterializationStatus,
): MaterializationError {
  const why =
    error || reason || (enabled === false ? 'it is not to be materialised' : 'its query does not allow it')
  return new MaterializationError({
    message: `The endpoint "${name}" gets no table: ${why}.`,
    fix: 'Look at `endpoints.materializationPreview(name)`, and switch it on with `endpoints.update(name, { is_materialized: true })`.',
  })
}
