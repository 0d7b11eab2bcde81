import type { World } from '../world.ts'
import { ORGANIZATION } from './user.ts'

/** A project as lists of projects and the user show it. */
export function projectView(world: World, id: number): Record<string, unknown> {
  const first = id === world.projectId
  return {
    id,
    project_id: id,
    uuid: first
      ? '018d2a6e-0000-7000-8000-000000000003'
      : `018d2a6e-0000-7000-8001-${String(id).padStart(12, '0')}`,
    organization: ORGANIZATION.id,
    name: first ? 'Local project' : `Local project ${id}`,
    api_token: projectToken(world, id),
    timezone: 'UTC',
    is_demo: false,
    completed_snippet_onboarding: true,
    has_completed_onboarding_for: {},
    ingested_event: true,
    access_control: false,
    created_at: world.startedAt.toISOString(),
  }
}

/** The token under which a project takes events and evaluates flags. */
export function projectToken(world: World, id: number): string {
  return `phc_local${String(id === world.projectId ? 0 : id).padStart(36, '0')}`
}

/** The project of a token; undefined for a token that belongs to none. */
export function projectOfToken(world: World, token: string): number | undefined {
  return world.projects.find((id) => projectToken(world, id) === token)
}
