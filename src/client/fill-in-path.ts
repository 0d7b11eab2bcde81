import { type Config, requireProjectId } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/configuration-error.ts'

/** Path parameters of a call, with the project and organization of the client where the caller named none. */
export function fillInPath(
  template: string,
  path: unknown,
  config: Pick<Config, 'projectId' | 'organizationId'>,
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...Object(path ?? {}) }
  if (template.includes('{project_id}')) given['project_id'] ??= requireProjectId(config)
  if (template.includes('{organization_id}')) given['organization_id'] ??= organizationOf(config)
  return given
}

function organizationOf({ organizationId }: Pick<Config, 'organizationId'>): string {
  if (organizationId !== undefined) return organizationId
  throw new ConfigurationError({
    message: 'This route needs an organization.',
    fix: 'Pass `organizationId`, or "@current" for the one that the key\'s user last opened in the app.',
  })
}
