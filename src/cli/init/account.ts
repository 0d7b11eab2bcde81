import { defaults } from '../../runtime/config/defaults.ts'
import { normalizeHost } from '../../runtime/config/host.ts'
import { readSettings } from '../config/settings.ts'
import { type Account, assertFixedProject, assertPersonalKey, connectAccount } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { type Ask, askProject, formatProject } from './questions.ts'

/** Scopes that `pull` and `check` of all areas need. */
export const scopes: readonly string[] = [
  'project:read',
  'endpoint:read',
  'query:read',
  'event_definition:read',
  'property_definition:read',
  'feature_flag:read',
  'cohort:read',
  'group:read',
  'insight_variable:read',
]

/** Maximum number of projects in a fix. */
const maxListed = 10

/**
 * Connects with a key that can read the project.
 *
 * @throws UsageError without a personal API key; it says where to create one
 */
export async function openAccount(context: Context): Promise<Account> {
  const { key, host } = await readSettings(context)
  if (key === undefined) {
    const app = host === undefined ? defaults.host : normalizeHost(host.value)
    throw new UsageError(
      'There is no API key.',
      // The page: https://posthog.com/docs/api/personal-api-keys
      `Run \`typehog login\`. Or create one at ${app}/settings/user-api-keys with the scopes ${scopes.join(', ')}. Then set POSTHOG_PERSONAL_API_KEY to it in .env.local.`,
    )
  }
  const account = await connectAccount(context)
  assertPersonalKey(account)
  return account
}

/**
 * Returns the configured project, the only project of the key, or the one that the user chooses.
 *
 * @param ask undefined when the user cannot be asked
 * @throws UsageError when the choice is open, or the key has no access to the configured project
 */
export async function selectProject(
  context: Context,
  { client, projectId }: Account,
  ask: Ask | undefined,
): Promise<string> {
  if (projectId !== undefined) assertFixedProject({ projectId })
  const { projects = [] } = await client.whoami({ signal: context.io.signal })
  context.io.signal.throwIfAborted()
  const [first, second] = projects
  if (projectId !== undefined) {
    if (first === undefined || projects.some(({ id }) => String(id) === projectId)) return projectId
    throw new UsageError(`The key has no access to project ${projectId}.`, projectFix(projects))
  }
  if (first === undefined) {
    throw new UsageError('The key cannot list its projects.', 'Pass --project, or give the key project:read.')
  }
  if (second === undefined) return String(first.id)
  if (ask !== undefined) return askProject(context, ask, projects)
  throw new UsageError(`The key has access to ${projects.length} projects.`, projectFix(projects))
}

function projectFix(projects: Parameters<typeof askProject>[2]): string {
  const listed = projects.slice(0, maxListed).map(formatProject).join(', ')
  const hidden = projects.length - maxListed
  return `Pass --project with the ID of one: ${listed}${hidden > 0 ? ` and ${hidden} more` : ''}.`
}
