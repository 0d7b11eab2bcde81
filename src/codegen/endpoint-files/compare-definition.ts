import type { EndpointDefinition } from '../../shared/endpoint-definition.ts'
import { isPlainHogql } from './endpoint-file.ts'
import { type EndpointState, isSame, stableJson, toDefinition } from './endpoint-state.ts'
import { isPushedQuery, type PushedEndpoint } from './push-record.ts'
import { toSchedule } from './schedule.ts'
import type { ProjectVariable } from './variable-types.ts'

/** A part of an endpoint file. */
export type Field =
  | 'description'
  | 'query'
  | 'query_definition'
  | 'variables'
  | 'materialization'
  | 'schedule'
  | 'active'

/** A difference between an endpoint of PostHog and a file, as text. */
export interface FieldChange {
  readonly field: Field
  /** In PostHog. */
  readonly from: string
  /** In the file. */
  readonly to: string
}

/**
 * Compares an endpoint of PostHog with a definition. A description that a definition leaves out is empty; a schedule
 * stays as it is. PostHog completes queries of other kinds, so one that was pushed in this form is unchanged.
 *
 * @param project the SQL variables of the project by code name
 * @param pushed the endpoint in the push record
 * @param absent what a definition without `materialization` says: nothing, or that it is off
 */
export function compareDefinition(
  state: EndpointState,
  definition: EndpointDefinition,
  project: ReadonlyMap<string, ProjectVariable>,
  pushed: PushedEndpoint | undefined,
  absent: 'unchanged' | 'off',
): FieldChange[] {
  const { description = '', materialization } = definition
  const onOrOff = (enabled: boolean): string => (enabled ? 'on' : 'off')
  const schedule = materialization?.schedule
  const texts: readonly FieldChange[] = [
    { field: 'description', from: state.description, to: description },
    compareQuery(state, definition),
    compareVariables(state, definition, project),
    {
      field: 'materialization',
      from: onOrOff(state.materialized),
      to: onOrOff(materialization?.enabled ?? (absent === 'unchanged' && state.materialized)),
    },
    ...(schedule === undefined
      ? []
      : [
          {
            field: 'schedule' as const,
            from: toSchedule(state.freshnessSeconds) ?? `${state.freshnessSeconds} seconds`,
            to: schedule,
          },
        ]),
  ]
  const isPushed = isPushedQuery(pushed, state.version, definition.query)
  return texts.filter(({ field, from, to }) => from !== to && !(isPushed && field === 'query_definition'))
}

function compareQuery({ query: before }: EndpointState, { query: after }: EndpointDefinition): FieldChange {
  if (isPlainHogql({ query: before }) && isPlainHogql({ query: after })) {
    return { field: 'query', from: before.query ?? '', to: after.query ?? '' }
  }
  const { variables: _, ...settings } = after
  return { field: 'query_definition', from: stableJson(before, 2), to: stableJson(dropNulls(settings), 2) }
}

/** PostHog returns all fields of a query; missing ones are null. */
function dropNulls(query: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(query, (_, value: unknown) => (value === null ? undefined : value)))
}

type Variable = EndpointDefinition['variables'][number]

function compareVariables(
  state: EndpointState,
  definition: EndpointDefinition,
  project: ReadonlyMap<string, ProjectVariable>,
): FieldChange {
  const before = toDefinition(state, project, definition).variables
  return {
    field: 'variables',
    from: renderVariables(before, project),
    to: renderVariables(definition.variables, project),
  }
}

/** Renders variables, one a line, sorted. A default that is the project's own is left out, as PostHog fills it in. */
function renderVariables(
  variables: readonly Variable[],
  project: ReadonlyMap<string, ProjectVariable>,
): string {
  return variables
    .map(({ name, type, default: initial }) => {
      const isDefault = initial === undefined || isSame(initial, project.get(name)?.defaultValue)
      return `${name}: ${type}${isDefault ? '' : ` = ${stableJson(initial)}`}`
    })
    .sort()
    .join('\n')
}
