import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { createSharedFact } from '../project-facts.ts'
import type { CallOptions, InternalOptions, Requester } from '../requester.ts'

/** A variable in PostHog's wire format. Without a value, the project's default applies. */
export interface NamedVariable {
  readonly variableId: string
  readonly code_name: string
  readonly value?: unknown
  readonly isNull?: boolean
}

const route = 'GET /api/projects/{project_id}/insight_variables/'

/** Ids of a project's variables by code name. */
const variableIds = /* @__PURE__ */ createSharedFact<ReadonlyMap<string, string>>(route)

/**
 * Converts variable values by code name to PostHog's wire format, which uses variable ids.
 *
 * @throws ConfigurationError for an unknown code name; TotalTimeoutError, or the signal's reason, if listing the
 * variables takes too long
 */
export async function namedVariables(
  requester: Requester,
  values: Readonly<Record<string, unknown>>,
  options: CallOptions,
  internal?: InternalOptions,
): Promise<Record<string, NamedVariable>> {
  const names = Object.keys(values)
  let ids = await idsOf(requester, options, internal)
  // An unknown variable may have been created since the list was cached.
  if (names.some((name) => !ids.has(name))) {
    variableIds.forget(requester)
    ids = await idsOf(requester, options, internal)
  }
  return Object.fromEntries(
    names.map((name) => {
      const variableId = ids.get(name)
      if (variableId === undefined) throw unknownVariable(name, [...ids.keys()])
      const value = values[name]
      return [variableId, { variableId, code_name: name, value, ...(value === null ? { isNull: true } : {}) }]
    }),
  )
}

function idsOf(
  requester: Requester,
  options: CallOptions,
  internal: InternalOptions | undefined,
): Promise<ReadonlyMap<string, string>> {
  return variableIds.get(requester, options, internal, async ({ signal, timeLeft }) => {
    const ids = new Map<string, string>()
    for await (const { id, code_name } of requester.list(route, {}, { signal }, { timeLeft })) {
      if (code_name !== null) ids.set(code_name, id)
    }
    return ids
  })
}

function unknownVariable(name: string, names: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    message: `The project has no SQL variable "${name}".`,
    fix:
      names.length === 0
        ? 'Create it in PostHog, or bind the value in the query.'
        : `Use one of its code names: ${names.join(', ')}.`,
  })
}
