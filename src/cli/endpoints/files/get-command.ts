import { readEndpointState, toDefinition } from '../../../codegen/endpoint-files/endpoint-state.ts'
import { renderEndpointFile } from '../../../codegen/endpoint-files/render-file.ts'
import type { ProjectVariable } from '../../../codegen/endpoint-files/variable-types.ts'
import { type ExitCode, exitCodes } from '../../cli-io.ts'
import { connectWithPersonalKey } from '../../connect.ts'
import type { Context } from '../../context.ts'
import { withNameSuggestion } from '../suggest-endpoint.ts'
import { listVariables } from './read-project.ts'

/** Options of `endpoints get`. */
export interface GetOptions {
  readonly ver?: number
}

/** `typehog endpoints get`: prints an endpoint as a YAML file. */
export async function getEndpoint(context: Context, name: string, { ver }: GetOptions): Promise<ExitCode> {
  const { signal } = context.io
  const connection = await connectWithPersonalKey(context)
  const endpoint = await withNameSuggestion(context, connection, name, () =>
    connection.client.endpoints.get(name, ver === undefined ? {} : { version: ver }, { signal }),
  )
  const state = readEndpointState(endpoint)
  const project: ReadonlyMap<string, ProjectVariable> =
    state.variables.length === 0 ? new Map() : await listVariables(connection, signal)
  const definition = toDefinition(state, project)
  if (context.options.json !== true) {
    await context.printData(renderEndpointFile(definition))
    return exitCodes.ok
  }
  const { version, isActive, uiUrl = null } = state
  context.printJson({ ...definition, version, active: isActive, url: uiUrl })
  return exitCodes.ok
}
