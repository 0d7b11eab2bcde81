import { resolve } from 'node:path'
import type { EndpointFile } from '../../../codegen/endpoint-files/endpoint-file.ts'
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

/** What to read of a project. */
export interface ProjectSelection {
  /** Endpoints of files: SQL variables are read only if one of them has variables. Default: all endpoints. */
  readonly files?: readonly EndpointFile[]
  /** The generated module, to read its lock file. */
  readonly module?: ModuleFiles
}

/**
 * Reads endpoints, SQL variables, the push record and the lock file of the generated module.
 *
 * @throws UsageError for an invalid lock file
 */
export async function readProject(
  context: Context,
  { files, module }: ProjectSelection,
): Promise<ProjectState> {
  const connection = await connectWithPersonalKey(context)
  const record = await readPushRecord(context)
  const lock = module === undefined ? undefined : await readPinned(module, connection)
  const endpoints = await listEndpoints(connection, context.io.signal)
  const states =
    files === undefined
      ? [...endpoints.values()]
      : files.flatMap(({ definition }) => [definition, endpoints.get(definition.name) ?? []].flat())
  const hasVariables = states.some(({ variables }) => variables.length > 0)
  return {
    connection,
    record,
    endpoints,
    // Keys for endpoints without variables need no scope for variables.
    variables: hasVariables ? await listVariables(connection, context.io.signal) : new Map(),
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
