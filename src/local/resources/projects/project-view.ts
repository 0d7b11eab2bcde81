import type { ServerState } from '../../server-state.ts'
import { ORGANIZATION } from '../../store/account.ts'
import { storedProject } from '../organizations/projects.ts'

/** A project as lists of projects and the user show it. */
export function projectView(world: ServerState, id: number): Record<string, unknown> {
  const { uuid, name, api_token, timezone } = storedProject(world, id)
  return {
    id,
    project_id: id,
    uuid,
    organization: ORGANIZATION.id,
    name,
    api_token,
    timezone: timezone ?? 'UTC',
    is_demo: false,
    completed_snippet_onboarding: true,
    has_completed_onboarding_for: {},
    ingested_event: true,
    access_control: false,
    created_at: world.startedAt.toISOString(),
  }
}

/** The token under which a project takes events and evaluates flags. */
export function projectToken(world: ServerState, id: number): string {
  return String(storedProject(world, id)['api_token'])
}

/** The project of a token; undefined for a token that belongs to none. */
export function projectOfToken(world: ServerState, token: string): number | undefined {
  return world.projects.find((id) => projectToken(world, id) === token)
}
