/** The output of `typehog project pull` for the sample account, reduced to what the documentation uses. */
export const pulledProject = `
export interface EventProperties {
  readonly plan?: string | null | undefined
}
export interface ProjectEvents {
  readonly sign_up: Pick<EventProperties, 'plan'>
}
export interface ProjectFeatureFlags {
  readonly 'checkout-test': {
    readonly variants: { readonly control: undefined; readonly test: { readonly color: string } }
  }
}
export interface Project {
  readonly events: ProjectEvents
  readonly featureFlags: ProjectFeatureFlags
}
export const events = { signUp: 'sign_up' } as const
export const cohorts = { powerUsers: 1 } as const
`
