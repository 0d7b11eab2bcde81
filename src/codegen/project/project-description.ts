import type { JsonShape } from './json-shape.ts'

/** The areas of a project's names. */
export const projectAreas = ['events', 'featureFlags', 'cohorts', 'groups', 'variables'] as const

/** An area of a project's names. */
export type ProjectArea = (typeof projectAreas)[number]

/** What a generated module says about a name in its doc comment. */
export interface NameDocs {
  readonly lines?: readonly string[] | undefined
  /** Why code should not use the name. */
  readonly deprecated?: string | undefined
}

/** An event. */
export interface EventDescription extends NameDocs {
  readonly name: string
  /** Names of its properties. Undefined if they were not read. */
  readonly properties: readonly string[] | undefined
}

/** A property of events or groups. */
export interface PropertyDescription extends NameDocs {
  readonly name: string
  /** PostHog's type, such as `Numeric`. Undefined if PostHog has none. */
  readonly type: string | undefined
}

/** Whether a flag is evaluated. PostHog disables archived flags. */
export type FlagState = 'active' | 'disabled' | 'archived'

/** A feature flag. */
export interface FlagDescription extends NameDocs {
  readonly key: string
  readonly state: FlagState
  /** Payload types by variant; null without a payload. Undefined for a flag without variants. */
  readonly variants: Readonly<Record<string, JsonShape | null>> | undefined
  /** Payload type of a flag without variants; null without a payload. */
  readonly payload: JsonShape | null
}

/** A cohort. */
export interface CohortDescription {
  readonly id: number
  readonly name: string
  readonly isStatic: boolean
}

/** A group type. */
export interface GroupTypeDescription {
  readonly type: string
  readonly index: number
  readonly properties: readonly PropertyDescription[]
}

/** An insight variable. */
export interface VariableDescription extends NameDocs {
  readonly codeName: string
  /** PostHog's type, such as `Number`. */
  readonly type: string
  /** Allowed values of a list. */
  readonly values: readonly string[] | undefined
  /** Whether the value is an array of allowed values. */
  readonly isMulti: boolean
}

/** The names of a project, as read from PostHog. Undefined areas were not read. */
export interface ProjectDescription {
  readonly events: readonly EventDescription[] | undefined
  /** Properties of all events whose properties were read. */
  readonly eventProperties: readonly PropertyDescription[]
  readonly featureFlags: readonly FlagDescription[] | undefined
  readonly cohorts: readonly CohortDescription[] | undefined
  readonly groups: readonly GroupTypeDescription[] | undefined
  readonly variables: readonly VariableDescription[] | undefined
}
