import { requireId } from '../resources/check-arguments.ts'
import {
  type ComparedObject,
  type CompareOptions,
  compareSides,
  type ProjectSelection,
} from '../resources/projects/compare-projects.ts'
import { type CopiedObject, type CopyOptions, copySides } from '../resources/projects/copy-projects.ts'
import type { Requester } from '../resources/requester.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import { createPlatform } from '../runtime/platform.ts'
import type { ListFunction, RequestFunction } from './request-function.ts'

/** The part of a client that a comparison needs. */
export interface ProjectClient {
  readonly config: Config
  readonly request: RequestFunction
  readonly list: ListFunction
  /** Returns a client of another project with the same key. */
  project(id: number | string): ProjectClient
}

/**
 * Compares objects of a project with those of another one, and changes nothing. Returns what `copyProject` would copy,
 * in its order. Flags are identified by key, all other objects by name.
 *
 * @param to the id of another project with the same key, or a client of it
 * @throws NotFoundError if `from` has no object of a selected name; ConfigurationError for invalid arguments
 * @example
 * const objects = await compareProjects(posthog, 456, { featureFlags: true, dashboards: ['Growth'] })
 * for (const { type, key, status } of objects) console.log(type, key, status)
 */
export async function compareProjects(
  from: ProjectClient,
  to: ProjectClient | number | string,
  selection: ProjectSelection,
  options?: CompareOptions,
): Promise<ComparedObject[]> {
  return compareSides(requesterOf('from', from), targetOf(from, to), selection, options)
}

/**
 * Copies feature flags, insights, endpoints and dashboards to another project, and settles each on its own. Insights of
 * the dashboards and SQL variables of the queries are copied with them. Adds what the target lacks. `overwrite` also
 * updates what differs. A second call copies nothing again.
 *
 * @param to the id of another project with the same key, or a client of it
 * @throws NotFoundError if `from` has no object of a selected name; ConfigurationError for invalid arguments
 * @example
 * const copied = await copyProject(posthog, 456, { dashboards: ['Growth'] }, { dryRun: true })
 * for (const { type, key, outcome } of copied) console.log(type, key, outcome)
 */
export async function copyProject(
  from: ProjectClient,
  to: ProjectClient | number | string,
  selection: ProjectSelection,
  options?: CopyOptions,
): Promise<CopiedObject[]> {
  return copySides(requesterOf('from', from), targetOf(from, to), selection, options)
}

function targetOf(from: ProjectClient, to: ProjectClient | number | string): Requester {
  if (typeof to === 'object') return requesterOf('to', to)
  requireId('to', to)
  return requesterOf('to', from.project(to))
}

function requesterOf(name: string, client: ProjectClient): Requester {
  const { config, request, list } = Object(client) as ProjectClient
  if (typeof config !== 'object' || typeof request !== 'function') {
    throw new ConfigurationError({
      message: `Expected \`${name}\` to be a client${name === 'to' ? ' or the id of a project' : ''}.`,
      fix: 'Pass the result of `createClient`, of `posthog.project(id)` or of `posthog.with(options)`. Nothing was sent.',
    })
  }
  // They are the functions of a requester, with types that hide internal options.
  return {
    config,
    log: config.log,
    platform: createPlatform(),
    request: request as Requester['request'],
    list: list as Requester['list'],
  }
}
