import { type Config, requireProjectId } from '../runtime/config/resolve.ts'

/** Path parameters of a call, with the project and organization of the client where the caller named none. */
export function fillInPath(template: string, path: unknown, config: Config): Record<string, unknown> {
  const given: Record<string, unknown> = { ...Object(path ?? {}) }
  if (template.includes('{project_id}')) given['project_id'] ??= requireProjectId(config)
  if (template.includes('{organization_id}')) given['organization_id'] ??= config.organizationId ?? '@current'
  return given
}
