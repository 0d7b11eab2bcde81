import { requireFunction, requireId, requireList } from '../resources/check-arguments.ts'
import {
  checkSignal,
  isPlainObject,
  type OptionNames,
  positiveInteger,
  rejectUnknownOptions,
  unexpected,
} from '../runtime/config/check-options.ts'
import type { ProjectId } from '../runtime/config/host.ts'
import type { ClientOptions } from '../runtime/config/options.ts'
import { type Config, requireProjectId } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import { mapConcurrent } from '../shared/map-concurrent.ts'

/** Another project: client options with its id. Omitted options are those of the client. */
export interface ProjectOptions extends ClientOptions {
  readonly projectId: number | string
}

/** Options of `across`. */
export interface AcrossOptions {
  /** Maximum number of projects at the same time, an integer from 1. Default: 4. */
  readonly concurrency?: number | undefined
  /** Cancels the calls of all projects and starts no further ones. Its reason is thrown unchanged. */
  readonly signal?: AbortSignal | undefined
}

/** The project of a result. */
export interface ProjectIdentity {
  /** URL of PostHog, without a trailing slash. */
  readonly host: string
  readonly projectId: ProjectId
}

/** The result of one project, like those of `Promise.allSettled`. */
export type ProjectResult<Value> =
  | {
      readonly status: 'fulfilled'
      readonly project: ProjectIdentity
      /** URL of the project in PostHog's app. */
      readonly label: string
      readonly value: Value
    }
  | {
      readonly status: 'rejected'
      readonly project: ProjectIdentity
      /** URL of the project in PostHog's app. */
      readonly label: string
      /** What the callback threw. */
      readonly reason: unknown
    }

const optionNames: OptionNames<AcrossOptions> = { concurrency: true, signal: true }
const defaultConcurrency = 4

/** Creates the client of a project. `signal` cancels all its calls. */
export type OpenProject<Client> = (
  project: number | string | ProjectOptions,
  signal: AbortSignal | undefined,
) => Client

/**
 * Runs a callback for each project, and settles each on its own.
 *
 * @throws ConfigurationError for invalid arguments, before the first callback; the reason of an aborted signal
 */
export async function runAcross<Client extends { readonly config: Config }, Value>(
  open: OpenProject<Client>,
  projects: Iterable<number | string | ProjectOptions>,
  callback: (client: Client) => Value | PromiseLike<Value>,
  options: AcrossOptions = {},
): Promise<ProjectResult<Value>[]> {
  requireList('projects', projects)
  requireFunction('callback', callback)
  rejectUnknownOptions('across', options, optionNames)
  checkSignal(options.signal)
  const concurrency = positiveInteger('concurrency', options.concurrency, defaultConcurrency)
  const clients = [...projects].map((project) => {
    requireProject(project)
    return open(project, options.signal)
  })
  const labels = clients.map(({ config }) => projectUrl(config))
  const twice = labels.find((label, index) => labels.indexOf(label) < index)
  if (twice !== undefined) {
    throw new ConfigurationError({
      message: `\`projects\` contains ${twice} twice.`,
      fix: 'Remove one of them. Nothing was sent.',
    })
  }
  const signal = options.signal ?? new AbortController().signal
  return mapConcurrent(clients, concurrency, signal, async (client): Promise<ProjectResult<Value>> => {
    const { host } = client.config
    const project = { host, projectId: requireProjectId(client.config) }
    const label = projectUrl(client.config)
    try {
      return { status: 'fulfilled', project, label, value: await callback(client) }
    } catch (reason) {
      return { status: 'rejected', project, label, reason }
    }
  })
}

/**
 * Asserts that an argument names a project: an id, or options with an id.
 *
 * @throws ConfigurationError that says what is missing
 */
function requireProject(project: unknown): void {
  if (!isPlainObject(project)) requireId('project', project)
  else if (project['projectId'] === undefined)
    throw unexpected(
      'The `projectId` of a project',
      undefined,
      'a project id',
      'Add `projectId` to the options of each project. Nothing was sent.',
    )
}

/** The URL of a client's project in PostHog's app. */
function projectUrl(config: Config): string {
  return `${config.host}/project/${requireProjectId(config)}`
}
