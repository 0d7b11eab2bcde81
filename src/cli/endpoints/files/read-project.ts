import { resolve } from 'node:path'
import { type EndpointState, readEndpointState } from '../../../codegen/endpoint-files/endpoint-state.ts'
import type { CurrentState } from '../../../codegen/endpoint-files/plan.ts'
import {
  type PushedEndpoint,
  type PushRecord,
  parsePushRecord,
  pushedTo,
  pushRecordFile,
  renderPushRecord,
  withProject,
} from '../../../codegen/endpoint-files/push-record.ts'
import type { ProjectVariable } from '../../../codegen/endpoint-files/variable-types.ts'
import { type Connection, connectWithPersonalKey } from '../../connect.ts'
import type { Context } from '../../context.ts'
import { type ModuleFiles, readFileIfExists, writeIfChanged } from '../../module-files.ts'
import { readLock } from '../read-endpoints.ts'

/** A project as it is before a push, a diff or a pull. */
export interface ProjectState extends CurrentState {
  readonly connection: Connection
  readonly record: PushRecord
}

/**
 * Reads endpoints, SQL variables, the push record and, with `files`, the lock file of the generated module.
 *
 * @throws UsageError for an invalid lock file
 */
export async function readProject(context: Context, files?: ModuleFiles): Promise<ProjectState> {
  const connection = await connectWithPersonalKey(context)
  const record = await readPushRecord(context)
  const lock = files === undefined ? undefined : await readPinned(files, connection)
  const [endpoints, variables] = await Promise.all([
    listEndpoints(connection, context.io.signal),
    listVariables(connection, context.io.signal),
  ])
  return {
    connection,
    record,
    endpoints,
    variables,
    pushed: pushedTo(record, connection),
    pinned: new Map(Object.entries(lock ?? {})),
  }
}

async function listEndpoints(
  { client }: Connection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, EndpointState>> {
  const endpoints = new Map<string, EndpointState>()
  for await (const endpoint of client.endpoints.list({}, { signal })) {
    const state = readEndpointState(endpoint)
    endpoints.set(state.name, state)
  }
  return endpoints
}

/** Lists the SQL variables of the project by code name. */
export async function listVariables(
  { client }: Connection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ProjectVariable>> {
  const variables = new Map<string, ProjectVariable>()
  for await (const { id, code_name, type, default_value } of client.insightVariables.list({}, { signal })) {
    if (code_name !== null)
      variables.set(code_name, { id, codeName: code_name, type, defaultValue: default_value })
  }
  return variables
}

/** Returns the pinned endpoints of a lock file of the same project. A missing file pins none. */
async function readPinned(
  { lock: file, lockPath }: ModuleFiles,
  { host, projectId }: Connection,
): Promise<ReturnType<typeof readLock>['endpoints'] | undefined> {
  const text = await readFileIfExists(lockPath)
  if (text === undefined) return undefined
  const lock = readLock(text, file, 'Restore the file, or run `typehog endpoints pull --force`.')
  return lock.host === host && lock.projectId === projectId ? lock.endpoints : undefined
}

async function readPushRecord(context: Context): Promise<PushRecord> {
  const text = await readFileIfExists(resolve(context.io.cwd, pushRecordFile))
  return text === undefined ? [] : parsePushRecord(text, pushRecordFile)
}

/** Adds endpoints to the push record of the project. */
export async function recordPushed(
  context: Context,
  { record, connection: { host, projectId }, pushed }: ProjectState,
  changed: ReadonlyMap<string, PushedEndpoint>,
): Promise<void> {
  const endpoints = new Map([...pushed, ...changed])
  if (endpoints.size === 0) return
  const text = renderPushRecord(withProject(record, { host, projectId, endpoints }))
  await writeIfChanged([{ path: resolve(context.io.cwd, pushRecordFile), text }])
}
