import { type OptionNames, positive, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { TotalTimeoutError } from '../../runtime/errors/call-errors.ts'
import { MaterializationError } from '../../runtime/errors/result-errors.ts'
import { requireText } from '../check-arguments.ts'
import { startPolling } from '../polling.ts'
import { type CallOptions, callOptionNames, type Requester, type ResponseOf } from '../requester.ts'

const route = 'GET /api/projects/{project_id}/endpoints/{name}/materialization_status/'

/** Materialization status of an endpoint. */
export interface EndpointMaterializationStatus extends ResponseOf<typeof route> {}

/** Options of `endpoints.waitUntilMaterialized`. */
export interface WaitUntilMaterializedOptions extends CallOptions {
  /** Version of the endpoint. Default: the current version. */
  readonly version?: number | undefined
  /** Milliseconds between polls. Default: 2,000. */
  readonly interval?: number | undefined
}

const optionNames: OptionNames<WaitUntilMaterializedOptions> = {
  ...callOptionNames,
  version: true,
  interval: true,
}

/** Polls the materialization status of an endpoint until it is materialized. */
export async function waitUntilMaterialized(
  api: Requester,
  name: string,
  waitOptions: WaitUntilMaterializedOptions = {},
): Promise<EndpointMaterializationStatus> {
  requireText('name', name)
  rejectUnknownOptions('waitUntilMaterialized', waitOptions, optionNames)
  const { version, interval, totalTimeout, ...options } = waitOptions
  const wait = positive('interval', interval, 2_000)
  const polling = startPolling(api, totalTimeout, options.signal)
  const query = version === undefined ? {} : { version }
  const fetchStatus = async (): Promise<EndpointMaterializationStatus> => {
    try {
      const call = { ...options, totalTimeout: polling.left() }
      return await api.request(route, { path: { name }, query }, call)
    } catch (error) {
      throw error instanceof TotalTimeoutError ? new TotalTimeoutError(route, polling.ms) : error
    }
  }
  for (;;) {
    const status = await fetchStatus()
    if (status.ready === true) return status
    if (status.enabled === false || status.can_materialize === false || status.error)
      throw materializationError(name, status)
    if (!(await polling.pause(wait))) throw new TotalTimeoutError(route, polling.ms)
  }
}

function materializationError(
  name: string,
  { error, reason, enabled }: EndpointMaterializationStatus,
): MaterializationError {
  const why =
    error ||
    reason ||
    (enabled === false ? 'materialization is disabled' : 'its query cannot be materialized')
  return new MaterializationError({
    message: `PostHog does not materialize the endpoint "${name}": ${why}.`,
    fix: 'Check `endpoints.materializationPreview(name)`, then enable it with `endpoints.update(name, { is_materialized: true })`.',
  })
}
