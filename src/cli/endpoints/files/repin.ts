import type { Plan } from '../../../codegen/endpoint-files/plan.ts'
import type { PushedEndpoint } from '../../../codegen/endpoint-files/push-record.ts'
import { createLock, type LockedEndpoint, renderLock } from '../../../codegen/endpoints/lock.ts'
import { hasRegistry, renderModule } from '../../../codegen/endpoints/render-module.ts'
import { mapConcurrent } from '../../../shared/map-concurrent.ts'
import type { Context } from '../../context.ts'
import { type ModuleFiles, readFileIfExists, writeIfChanged } from '../../module-files.ts'
import { readEndpoint } from '../read-endpoints.ts'
import type { ProjectState } from './read-project.ts'

/** An endpoint of the generated module whose pinned version follows a push. */
export interface Pin {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Number of endpoints to read concurrently. */
const concurrency = 4

/** Returns the pinned endpoints of files that have another version, or that a push has changed in place. */
export function outdatedPins(
  { endpoints }: Plan,
  pushed: ReadonlyMap<string, PushedEndpoint>,
  pinned: ReadonlyMap<string, LockedEndpoint>,
): Pin[] {
  return endpoints.flatMap(({ file, state, changes }) => {
    const { name } = file.definition
    const from = pinned.get(name)?.version
    const to = pushed.get(name)?.version ?? state?.version
    if (from === undefined || to === undefined) return []
    const isChanged = changes.some(({ field }) => field === 'materialization' || field === 'variables')
    return from !== to || isChanged ? [{ name, from, to }] : []
  })
}

/** Writes the generated module and its lock file with new versions of some endpoints. Others keep their versions. */
export async function repin(
  context: Context,
  { connection: { client, host, projectId }, pinned }: ProjectState,
  { modulePath, lockPath }: ModuleFiles,
  pins: readonly Pin[],
): Promise<void> {
  const versions = new Map(pins.map(({ name, to }) => [name, to]))
  const descriptions = await mapConcurrent(
    [...pinned],
    concurrency,
    context.io.signal,
    ([name, { version }], signal) =>
      readEndpoint(client.endpoints, name, versions.get(name) ?? version, signal),
  )
  const identifiers = new Map([...pinned].map(([name, { identifier }]) => [name, identifier]))
  const source = { host, projectId }
  const module = await readFileIfExists(modulePath)
  const registry = module === undefined || hasRegistry(module)
  await writeIfChanged([
    { path: modulePath, text: renderModule(descriptions, source, { identifiers, registry }) },
    { path: lockPath, text: renderLock(createLock(descriptions, source, identifiers)) },
  ])
}
