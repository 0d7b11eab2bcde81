import type { TypehogClient } from '../../../client/create-client.ts'
import type { Plan, PlannedEndpoint } from '../../../codegen/endpoint-files/plan.ts'
import { hashQuery, type PushedEndpoint } from '../../../codegen/endpoint-files/push-record.ts'
import { createBody, type EndpointBody, updateBody } from '../../../codegen/endpoint-files/request-body.ts'
import { toFreshnessSeconds } from '../../../codegen/endpoint-files/schedule.ts'
import { UsageError } from '../../errors.ts'

/** One write of a push. */
export interface PushStep {
  /** What it does, such as `create top-pages`. */
  readonly label: string
  /** Sends the write. Resolves to what is done, as a line of the report. */
  run(): Promise<string>
}

/** The writes of a push in their order, and what they change in the push record. */
export interface PushSteps {
  readonly steps: readonly PushStep[]
  /** Grows while the steps run. */
  readonly pushed: Map<string, PushedEndpoint>
}

type Endpoints = TypehogClient['endpoints']
type CreateBody = Parameters<Endpoints['create']>[0]
type UpdateBody = Parameters<Endpoints['update']>[1]

/**
 * Returns the writes of a plan: variables, then endpoints, then retirements. Writes take no signal: one that has started
 * finishes, so that its outcome is known.
 */
export function pushSteps(
  client: TypehogClient,
  plan: Plan,
  existing: ReadonlyMap<string, { readonly id: string }>,
  prune: boolean,
): PushSteps {
  const { endpoints } = client
  const pushed = new Map<string, PushedEndpoint>()
  const ids = new Map([...existing].map(([name, { id }]) => [name, id]))
  const variables = plan.variables.map(
    ({ name, type, default: initial }): PushStep => ({
      label: `create the SQL variable ${name}`,
      run: async () => {
        // The plan has only the types that PostHog knows.
        const body = { name, type, default_value: initial } as Parameters<
          TypehogClient['insightVariables']['create']
        >[0]
        ids.set(name, (await client.insightVariables.create(body)).id)
        return `created the SQL variable ${name}`
      },
    }),
  )
  const writes = plan.endpoints.flatMap((endpoint): PushStep[] => {
    const { definition } = endpoint.file
    const { name, query } = definition
    const record = (version: number): string => {
      pushed.set(name, { version, query: hashQuery(query) })
      return `version ${version}`
    }
    if (endpoint.state === undefined) {
      const create: PushStep = {
        label: `create ${name}`,
        run: async () => {
          const created = await endpoints.create(toWire<CreateBody>(createBody(definition, ids)))
          return `created ${name}, ${record(created.current_version)}${urlNote(created.ui_url)}`
        },
      }
      return definition.materialization?.enabled === true
        ? [create, materialize(endpoints, endpoint)]
        : [create]
    }
    if (endpoint.changes.length === 0) {
      record(endpoint.state.version)
      return []
    }
    const fields = new Set(endpoint.changes.map(({ field }) => field))
    const startsTable = fields.has('materialization') && definition.materialization?.enabled === true
    const update: PushStep = {
      label: `update ${name}`,
      run: async () => {
        const updated = await endpoints.update(name, toWire<UpdateBody>(updateBody(definition, fields, ids)))
        const done = `updated ${name}, ${record(updated.current_version)}${urlNote(updated.ui_url)}`
        assertMaterialized(name, updated)
        return done
      },
    }
    const isNeeded = Object.keys(updateBody(definition, fields, ids)).length > 0
    return [...(isNeeded ? [update] : []), ...(startsTable ? [materialize(endpoints, endpoint)] : [])]
  })
  const retirements = (prune ? plan.gone : []).map(
    ({ name, version }): PushStep => ({
      label: `retire ${name}`,
      run: async () => {
        await endpoints.retire(name)
        pushed.set(name, { version, query: '', retired: true })
        return `retired ${name}`
      },
    }),
  )
  return { steps: [...variables, ...writes, ...retirements], pushed }
}

/** The step that previews a materialization and starts it. */
function materialize(endpoints: Endpoints, { file: { definition } }: PlannedEndpoint): PushStep {
  const { name, materialization } = definition
  return {
    label: `materialize ${name}`,
    run: async () => {
      await assertMaterializable(endpoints, name)
      const schedule = materialization?.schedule
      const updated = await endpoints.update(name, {
        is_materialized: true,
        ...(schedule === undefined ? {} : { data_freshness_seconds: toFreshnessSeconds(schedule) }),
      } as UpdateBody)
      assertMaterialized(name, updated)
      return `materialized ${name}`
    },
  }
}

/**
 * Asks PostHog whether it can materialize the newest version of an endpoint.
 *
 * @throws UsageError with PostHog's reason when it cannot
 */
export async function assertMaterializable(endpoints: Endpoints, name: string): Promise<void> {
  const { can_materialize, reason } = await endpoints.materializationPreview(name)
  if (can_materialize) return
  throw cannotMaterialize(name, reason ?? 'PostHog gives no reason')
}

/** PostHog saves a new version even when it cannot materialize it, and then says so in this field. */
function assertMaterialized(name: string, response: object): void {
  const problem = 'materialization_error' in response ? response.materialization_error : undefined
  if (problem !== undefined && problem !== null) throw cannotMaterialize(name, String(problem))
}

function cannotMaterialize(name: string, reason: string): UsageError {
  return new UsageError(
    `PostHog cannot materialize "${name}": ${reason.replace(/\.$/, '')}.`,
    'Change the query, or set `materialization.enabled` to false in its file.',
  )
}

const urlNote = (url: string | null | undefined): string =>
  url === null || url === undefined ? '' : `  ${url}`

/** Files may have queries of any kind; PostHog validates them. */
function toWire<Body>(body: EndpointBody): Body {
  return body as unknown as Body
}
