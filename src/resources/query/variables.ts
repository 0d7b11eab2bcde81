import { ConfigurationError } from '../../runtime/errors/configuration-error.ts'
import type { Requester } from '../requester.ts'

/** A variable as a query takes it. Without a value it has the project's default. */
export interface NamedVariable {
  readonly variableId: string
  readonly code_name: string
  readonly value?: unknown
  readonly isNull?: boolean
}

/** Ids of a project's variables by code name, read once for each client. */
const known = new WeakMap<Requester, Promise<ReadonlyMap<string, string>>>()

/**
 * Values by code name as PostHog takes them: by the ids that the project has for the names.
 *
 * @throws ConfigurationError for a name that the project does not have
 */
export async function namedVariables(
  requester: Requester,
  values: Readonly<Record<string, unknown>>,
): Promise<Record<string, NamedVariable>> {
  const names = Object.keys(values)
  let ids = await idsOf(requester)
  // It may have been created meanwhile.
  if (names.some((name) => !ids.has(name))) {
    known.delete(requester)
    ids = await idsOf(requester)
  }
  return Object.fromEntries(
    names.map((name) => {
      const variableId = ids.get(name)
      if (variableId === undefined) throw unknown(name, [...ids.keys()])
      const value = values[name]
      return [variableId, { variableId, code_name: name, value, ...(value === null ? { isNull: true } : {}) }]
    }),
  )
}

function idsOf(requester: Requester): Promise<ReadonlyMap<string, string>> {
  const before = known.get(requester)
  if (before !== undefined) return before
  const reading = read(requester)
  known.set(requester, reading)
  reading.catch(() => known.delete(requester))
  return reading
}

async function read(requester: Requester): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for await (const { id, code_name } of requester.list('GET /api/projects/{project_id}/insight_variables/')) {
    if (code_name !== null) ids.set(code_name, id)
  }
  return ids
}

function unknown(name: string, names: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    message: `The project has no SQL variable "${name}".`,
    fix:
      names.length === 0
        ? 'Create it in PostHog, or bind the value in the query.'
        : `Use one of its code names: ${names.join(', ')}.`,
  })
}
