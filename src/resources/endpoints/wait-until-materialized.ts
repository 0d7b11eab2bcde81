import { MaterializationError } from '../../runtime/errors/materialization-error.ts'
import { TotalTimeoutError } from '../../runtime/errors/timeout-error.ts'
import { createPlatform } from '../../runtime/platform.ts'
import type { CallOptions, Requester } from '../requester.ts'
import type { AnswerOf } from '../routes.ts'

const route = 'GET /api/projects/{project_id}/endpoints/{name}/materialization_status/'

/** How the table of an endpoint stands. */
export type EndpointMaterializationStatus = AnswerOf<typeof route>

/** How to wait for a table. */
export interface WaitForTable extends CallOptions {
  /** Which version's table. Default: the current one. */
  readonly version?: number
  /** Milliseconds between two questions. Default: 2,000. */
  readonly interval?: number
}

/** Milliseconds for all of it. */
const patience = 600_000

/** Asks for the table of an endpoint until it is there. */
export async function waitUntilMaterialized(
  api: Requester,
  name: string,
  { version, interval = 2_000, totalTimeout = patience, ...options }: WaitForTable = {},
): Promise<EndpointMaterializationStatus> {
  const { sleep } = createPlatform()
  const deadline = performance.now() + totalTimeout
  const query = version === undefined ? {} : { version }
  for (;;) {
    const found = await api.request(route, { path: { name }, query }, options)
    if (found.ready === true) return found
    if (found.enabled === false || found.can_materialize === false || found.error)
      throw notComing(name, found)
    if (performance.now() + interval > deadline) throw new TotalTimeoutError(route, totalTimeout)
    await sleep(interval, options.signal)
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
