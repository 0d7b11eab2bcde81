import type { EndpointDefinition } from '../../shared/endpoint-definition.ts'
import type { Change } from '../change.ts'
import { compareContents } from '../endpoints/compare-lock.ts'
import type { LockedContent, LockedEndpoint, LockedVariable } from '../endpoints/lock.ts'
import { byCodeUnit } from '../source-text.ts'
import { compareDefinition, type FieldChange } from './compare-definition.ts'
import type { EndpointFile } from './endpoint-file.ts'
import type { EndpointState } from './endpoint-state.ts'
import type { FileProblem } from './file-problem.ts'
import type { PushedEndpoint } from './push-record.ts'
import { codeType, isCompatible, type ProjectVariable, projectType } from './variable-types.ts'

/** What PostHog and the lock files have, by name. */
export interface CurrentState {
  readonly endpoints: ReadonlyMap<string, EndpointState>
  /** SQL variables of the project by code name. */
  readonly variables: ReadonlyMap<string, ProjectVariable>
  /** Endpoints that files pushed to this project. */
  readonly pushed: ReadonlyMap<string, PushedEndpoint>
  /** Endpoints of the generated module. */
  readonly pinned: ReadonlyMap<string, LockedEndpoint>
}

/** An endpoint of a file, and how it differs from PostHog. */
export interface PlannedEndpoint {
  readonly file: EndpointFile
  /** The endpoint in PostHog. Undefined when it is created. */
  readonly state?: EndpointState
  /** Empty for an endpoint that is created or unchanged. */
  readonly changes: readonly FieldChange[]
}

/** An SQL variable that the project lacks. */
export interface NewVariable {
  readonly name: string
  /** PostHog's type. */
  readonly type: string
  readonly default: unknown
}

/** The difference between files and a project. */
export interface Plan {
  readonly variables: readonly NewVariable[]
  /** Endpoints of the files, sorted by name. */
  readonly endpoints: readonly PlannedEndpoint[]
  /** Active endpoints that earlier files pushed and no file names. */
  readonly gone: readonly EndpointState[]
  /** What the changes mean for the generated module. */
  readonly effects: readonly Change[]
  readonly problems: readonly FileProblem[]
}

/**
 * Compares checked files with a project.
 *
 * @param prune whether a push retires the endpoints that are gone
 */
export function planPush(files: readonly EndpointFile[], current: CurrentState, prune: boolean): Plan {
  const endpoints = [...files]
    .sort((a, b) => byCodeUnit(a.definition.name, b.definition.name))
    .map((file) => planEndpoint(file, current))
  const names = new Set(files.map(({ definition }) => definition.name))
  const gone = [...current.pushed.keys()]
    .filter((name) => !names.has(name))
    .sort(byCodeUnit)
    .flatMap((name) => current.endpoints.get(name) ?? [])
    .filter(({ isActive }) => isActive)
  const { variables, problems } = planVariables(files, current)
  const effects = endpoints.flatMap((endpoint) => effectsOn(endpoint, current))
  const retirements = (prune ? gone : []).filter(({ name }) => current.pinned.has(name)).map(retirementOf)
  return { variables, endpoints, gone, effects: [...effects, ...retirements], problems }
}

function planEndpoint(file: EndpointFile, { endpoints, variables, pushed }: CurrentState): PlannedEndpoint {
  const { definition } = file
  const state = endpoints.get(definition.name)
  if (state === undefined) return { file, changes: [] }
  const before = pushed.get(definition.name)
  const changes = compareDefinition(state, definition, variables, before, 'unchanged')
  // A file of a retired endpoint came back. An endpoint that someone deactivated in PostHog stays so.
  const isBack = !state.isActive && before?.retired === true
  const activation: FieldChange[] = isBack ? [{ field: 'active', from: 'no', to: 'yes' }] : []
  return { file, state, changes: [...changes, ...activation] }
}

/** Compares declared variables with those of the project, and with each other. */
function planVariables(
  files: readonly EndpointFile[],
  { variables: existing }: CurrentState,
): Pick<Plan, 'variables' | 'problems'> {
  const created = new Map<string, NewVariable>()
  const problems: FileProblem[] = []
  for (const { definition, at } of files) {
    for (const [index, { name, type, default: initial = null }] of definition.variables.entries()) {
      const report = (message: string, fix: string): void =>
        void problems.push({ place: at(['variables', index, 'type']), message, fix })
      const known = existing.get(name)
      if (known !== undefined) {
        if (isCompatible(type, known)) continue
        const message = `Variable "${name}" has the type ${known.type} in PostHog, and ${type} in the file.`
        report(message, `Change the type, or use another variable.`)
        continue
      }
      const needed = projectType(type)
      const planned = created.get(name)
      if (needed === undefined)
        report(`PostHog has no variables of the type ${type}.`, 'Use the type string and JSON in it.')
      else if (!/^[a-z0-9_]+$/.test(name)) {
        // PostHog derives code names in this form (posthog/api/insight_variable.py).
        report(
          `PostHog cannot create a variable with the code name "${name}".`,
          'Use lower-case letters, digits and underscores.',
        )
      } else if (planned !== undefined && planned.type !== needed) {
        report(`Variable "${name}" is ${planned.type} in another file, and ${needed} here.`, 'Use one type.')
      } else if (planned === undefined) created.set(name, { name, type: needed, default: initial })
    }
  }
  return { variables: [...created.values()].sort((a, b) => byCodeUnit(a.name, b.name)), problems }
}

function retirementOf({ name }: EndpointState): Change {
  const message = 'The generated module has the endpoint: its runs fail with 404.'
  return { subject: name, grade: 'breaking', message }
}

/** Compares a changed endpoint with the one in the generated module. */
function effectsOn({ file, state, changes }: PlannedEndpoint, { pinned, variables }: CurrentState): Change[] {
  const { definition } = file
  const locked = pinned.get(definition.name)
  if (locked === undefined || state === undefined || changes.length === 0) return []
  return compareContents(locked, contentAfter(definition, locked, variables)).map(({ grade, message }) => ({
    subject: definition.name,
    grade,
    message,
  }))
}

/** Returns the content of the generated module after a push. PostHog infers the columns later, so there are none. */
function contentAfter(
  definition: EndpointDefinition,
  locked: LockedContent,
  project: ReadonlyMap<string, ProjectVariable>,
): LockedContent {
  const materialized = definition.materialization?.enabled ?? locked.materialized
  const { kind } = definition.query
  const variables = definition.variables.map(({ name, type, default: initial }): [string, LockedVariable] => {
    const known = project.get(name)
    const hasDefault = (initial ?? known?.defaultValue ?? null) !== null
    return [
      name,
      { type: codeType(type, known), required: materialized || !hasDefault, nullable: !materialized },
    ]
  })
  return {
    version: locked.version,
    kind,
    materialized,
    // The variables of other kinds are breakdowns of the query.
    variables: kind === 'HogQLQuery' ? Object.fromEntries(variables) : locked.variables,
    columns: [],
  }
}
