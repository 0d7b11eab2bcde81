import {
  type ComparedObject,
  type CompareOptions,
  compareProjects,
  type ProjectSelection,
} from '../resources/projects/compare-projects.ts'
import { type CopiedObject, type CopyOptions, copyProjects } from '../resources/projects/copy-projects.ts'
import type { Requester } from '../resources/requester.ts'
import type { Config } from '../runtime/config/resolve.ts'
import {
  type AcrossOptions,
  type OpenProject,
  type ProjectOptions,
  type ProjectResult,
  requireProject,
  runAcross,
} from './across.ts'
import type { ListFunction, RequestFunction } from './request-function.ts'

/** The part of a client that `compareWith` and `copyTo` need of their target. */
export interface ProjectClient {
  readonly config: Config
  readonly request: RequestFunction
  readonly list: ListFunction
}

/** Another project: its id, client options with `projectId`, or a client. */
export type ProjectTarget = number | string | ProjectOptions | ProjectClient

/** Methods that use several projects. */
export interface ProjectMethods<Client> {
  /**
   * Runs a callback for several projects, and settles each on its own. A project is an id, or client options with
   * `projectId` for another region, host or key. Results have the order of the projects.
   *
   * Projects of one key share its rate limits, as PostHog counts requests per key. Each project has its own limit of
   * concurrent queries.
   *
   * @throws ConfigurationError for invalid arguments or a project that is listed twice, before the first call; the reason
   * of `signal`
   * @example
   * const results = await posthog.across([1, 2], (project) => project.featureFlags.list().toArray({ max: 1_000 }))
   * for (const result of results) console.log(result.label, result.status)
   */
  across<Value>(
    projects: Iterable<number | string | ProjectOptions>,
    callback: (client: Client) => Value | PromiseLike<Value>,
    options?: AcrossOptions,
  ): Promise<ProjectResult<Value>[]>
  /**
   * Compares objects of this project with those of another one, and changes nothing. Returns what `copyTo` would copy,
   * in its order. Flags are identified by key, all other objects by name.
   *
   * @throws NotFoundError if this project has no object of a selected name; ConfigurationError for an invalid selection
   * @example
   * const objects = await posthog.compareWith(456, { featureFlags: true, dashboards: ['Growth'] })
   * for (const { type, key, status } of objects) console.log(type, key, status)
   */
  compareWith(
    target: ProjectTarget,
    selection: ProjectSelection,
    options?: CompareOptions,
  ): Promise<ComparedObject[]>
  /**
   * Copies feature flags, insights, endpoints and dashboards to another project, and settles each on its own. Insights of
   * the dashboards and SQL variables of the queries are copied with them. Adds what the target lacks. `overwrite` also
   * updates what differs. A second call copies nothing again.
   *
   * @throws NotFoundError if this project has no object of a selected name; ConfigurationError for an invalid selection
   * @example
   * const copied = await posthog.copyTo(456, { dashboards: ['Growth'] }, { dryRun: true })
   * for (const { type, key, outcome } of copied) console.log(type, key, outcome)
   */
  copyTo(target: ProjectTarget, selection: ProjectSelection, options?: CopyOptions): Promise<CopiedObject[]>
}

/**
 * Creates the methods that use several projects.
 *
 * @param opener returns a function that creates clients. Those of one function share limits by host and key.
 */
export function createProjectMethods<Client extends ProjectClient>(
  requester: Requester,
  opener: () => OpenProject<Client>,
): ProjectMethods<Client> {
  const targetOf = (target: ProjectTarget): Requester => {
    if (!isClient(target)) requireProject(target)
    const { config, request, list } = isClient(target) ? target : opener()(target, undefined)
    return {
      config,
      log: config.log,
      platform: requester.platform,
      // They are the functions of a requester, with types that hide internal options.
      request: request as Requester['request'],
      list: list as Requester['list'],
    }
  }
  return {
    across: async (projects, callback, options) => runAcross(opener(), projects, callback, options),
    compareWith: async (target, selection, options) => {
      return compareProjects(requester, targetOf(target), selection, options)
    },
    copyTo: async (target, selection, options) => {
      return copyProjects(requester, targetOf(target), selection, options)
    },
  }
}

function isClient(target: unknown): target is ProjectClient {
  const { config, request } = Object(target)
  return typeof config === 'object' && typeof request === 'function'
}
