/**
 * The names of a project, as a type. `typehog project pull` writes an interface of this shape, `Project`. An area that is
 * absent is unknown, and its names are plain strings.
 */
export interface ProjectNames {
  /** If `true`, unknown names are compiler errors. Default: known names are completed, and others are accepted. */
  readonly strict?: boolean
  /** Properties by event name; `unknown` accepts any. */
  readonly events?: object
  /** Variants and payloads by flag key. */
  readonly featureFlags?: object
  /** Cohort ids by name. */
  readonly cohorts?: object
  /** Index and properties by group type. */
  readonly groups?: object
  /** Values of insight variables by code name. */
  readonly variables?: object
}

/**
 * The names that every client knows. Extend it in a module augmentation of `typehog`:
 * `interface ProjectRegistry extends Project {}`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: programs extend it by declaration merging.
export interface ProjectRegistry {}

/** Completes known names and accepts others, unless the project is strict. */
type Names<Project, Known> = Project extends { readonly strict: true }
  ? Extract<keyof Known, string>
  : Extract<keyof Known, string> | (string & {})

/** The name of an event. */
export type EventName<Project = ProjectRegistry> = Project extends { readonly events: infer Known }
  ? Names<Project, Known>
  : string

/** The key of a feature flag. */
export type FlagKey<Project = ProjectRegistry> = Project extends { readonly featureFlags: infer Known }
  ? Names<Project, Known>
  : string

/** Group keys by group type. */
export type GroupKeys<Project = ProjectRegistry> = Project extends { readonly groups: infer Known }
  ? { readonly [Type in keyof Known]?: string | undefined } & OtherNames<Project, string>
  : Readonly<Record<string, string>>

/** Group properties by group type. */
export type GroupPropertiesByType<Project = ProjectRegistry> = Project extends {
  readonly groups: infer Known
}
  ? {
      readonly [Type in keyof Known]?:
        | (PropertiesIn<Known[Type]> & Readonly<Record<string, unknown>>)
        | undefined
    } & OtherNames<Project, Readonly<Record<string, unknown>>>
  : Readonly<Record<string, Readonly<Record<string, unknown>>>>

type PropertiesIn<GroupType> = GroupType extends { readonly properties: infer Properties }
  ? Properties
  : object

/** The index of a group type. */
export type GroupIndex<Project = ProjectRegistry> = Project extends {
  readonly groups: infer Known
  readonly strict: true
}
  ? Known[keyof Known] extends { readonly index: infer Index extends number }
    ? Index
    : number
  : number

/** Members that a project that is not strict accepts beside the known ones. */
type OtherNames<Project, Value> = Project extends { readonly strict: true }
  ? unknown
  : Readonly<Record<string, Value | undefined>>

/**
 * The properties of an event. Known properties are typed. A strict project rejects others, except those of PostHog,
 * which start with `$`.
 */
export type PropertiesOf<Name extends string, Project = ProjectRegistry> = string extends Name
  ? Readonly<Record<string, unknown>>
  : Project extends {
        // A lookup by `Known[Name]` takes seconds in a project with 20,000 events.
        readonly events: { readonly [Key in Name]: infer Known }
      }
    ? unknown extends Known
      ? Readonly<Record<string, unknown>>
      : Known &
          GroupsOfEvent<Project> &
          (Project extends { readonly strict: true }
            ? { readonly [Internal in `$${string}`]?: unknown }
            : Readonly<Record<string, unknown>>)
    : Readonly<Record<string, unknown>>

/** The property that assigns an event to groups. */
type GroupsOfEvent<Project> = Project extends { readonly groups: object }
  ? { readonly $groups?: GroupKeys<Project> | undefined }
  : unknown
