import { coversScope, type Whoami, type WhoamiProject } from '../../resources/whoami.ts'
import { NotFoundError, PermissionError } from '../../runtime/errors/api-errors.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { readSettings } from '../config/settings.ts'
import { type Account, connectAccount } from '../connect.ts'
import type { Context } from '../context.ts'
import { keyKindName } from '../key-kind.ts'
import { type Line, style } from '../output/style.ts'

/** An organization that the key can access. */
interface KnownOrganization {
  readonly id: string
  readonly name: string
}

/** What `whoami` prints. Undefined facts are unknown. */
interface Identity extends Whoami {
  readonly organizations: readonly KnownOrganization[] | undefined
  /** The project of the configuration. */
  readonly projectId: string | undefined
  /** The source of the key, such as `POSTHOG_PERSONAL_API_KEY in .env`. */
  readonly keySource: string | undefined
}

/** Maximum number of organizations to list. */
const maxOrganizations = 1_000

/** `typehog whoami`: describes the key. A project secret key cannot read itself; the output says so. */
export async function whoami(context: Context): Promise<ExitCode> {
  const { signal } = context.io
  const account = await connectAccount(context)
  const known = await account.client.whoami({ signal })
  const identity: Identity = {
    ...known,
    organizations: await readOrganizations(account, known, signal),
    projectId: account.projectId,
    keySource: (await readSettings(context)).key?.source,
  }
  if (context.options.json === true) context.printJson(toJson(identity))
  else context.print(...renderIdentity(identity))
  return exitCodes.ok
}

/** Lists the organizations of the key. Undefined if the key cannot read them. */
async function readOrganizations(
  { client }: Account,
  { keyKind, scopes }: Whoami,
  signal: AbortSignal,
): Promise<Identity['organizations']> {
  const isScopeMissing = scopes !== undefined && !coversScope(scopes, 'organization:read')
  if (keyKind === 'project_secret' || isScopeMissing) return undefined
  try {
    const list = client.organizations.list({}, { signal })
    const organizations = await list.toArray({ max: maxOrganizations, allowPartial: true })
    return organizations.map(({ id, name }) => ({ id, name }))
  } catch (error) {
    if (error instanceof PermissionError || error instanceof NotFoundError) return undefined
    throw error
  }
}

/** The identity with null for unknown facts, so that every key is present. */
function toJson(identity: Identity): Readonly<Record<string, unknown>> {
  const { host, region, keyKind, keySource, label, user, scopes, organizations, projects, projectId } =
    identity
  const facts = { host, region, keyKind, keySource, label, user, scopes, organizations, projectId }
  const known = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value ?? null]))
  return { ...known, projects: projects?.map(({ id, name = null }) => ({ id, name })) ?? null }
}

/** Terminal cells of the labels. */
const labelWidth = 15

function renderIdentity(identity: Identity): Line[] {
  const { host, region, keyKind, keySource, label, scopes, organizations } = identity
  const isSecretKey = keyKind === 'project_secret'
  const server = region === undefined ? 'self-hosted' : `PostHog Cloud ${region.toUpperCase()}`
  const key = [
    keyKindName(keyKind),
    ...(label === undefined ? [] : [`"${label}"`]),
    ...(keySource === undefined ? [] : [`from ${keySource}`]),
  ]
  const secretKeyNote: Line[] = [
    'PostHog has no route that describes a project secret key, so this command sent no request: it cannot tell',
    'whether the key is valid. `typehog endpoints run <name>` can.',
  ]
  return [
    ...field('host', [`${host} (${server})`]),
    ...field('key', [key.join(' ')]),
    ...field('user', [renderUser(identity)]),
    ...field('scopes', [renderScopes(scopes)]),
    ...field(
      'organizations',
      organizations?.map(({ id, name }) => `${name} (${id})`) ?? [unknown('organization:read', identity)],
    ),
    ...field('projects', renderProjects(identity)),
    ...(isSecretKey ? ['', ...secretKeyNote] : []),
  ]
}

/** Lines with a label before the first. Without values, the line says `none`. */
function field(label: string, values: readonly string[]): Line[] {
  const shown = values.length === 0 ? ['none'] : values
  return shown.map((value, index) => [style.bold((index === 0 ? label : '').padEnd(labelWidth)), value])
}

/** The text for a fact that the key cannot read. */
function unknown(scope: string, { keyKind, scopes }: Whoami): string {
  if (keyKind === 'project_secret') return 'unknown: a project secret key cannot read them'
  const hasScope = scopes !== undefined && coversScope(scopes, scope)
  return hasScope ? 'unknown: PostHog denies the key access' : `unknown: needs the scope ${scope}`
}

function renderUser(identity: Whoami): string {
  const { user, keyKind } = identity
  if (keyKind === 'project_secret') return 'none: a project secret key belongs to a project'
  if (user === undefined) return unknown('user:read', identity)
  return user.name === '' ? user.email : `${user.name} (${user.email})`
}

function renderScopes(scopes: Whoami['scopes']): string {
  if (scopes === undefined) return 'unknown: PostHog does not report them for this kind of key'
  return scopes.includes('*') ? 'all (*)' : [...scopes].sort().join(', ')
}

function renderProjects(identity: Identity): string[] {
  const { projects, projectId: configured, keyKind } = identity
  if (keyKind === 'project_secret') {
    return [configured === undefined ? 'unknown: set --project' : `${configured}, as configured`]
  }
  if (projects === undefined) return [unknown('project:read', identity)]
  const shown = projects.map(({ id, name }: WhoamiProject) => {
    const mark = String(id) === configured ? ' <- configured' : ''
    return `${id}${name === undefined ? '' : ` ${name}`}${mark}`
  })
  const isAccessible = projects.some(({ id }) => String(id) === configured)
  if (configured === undefined || configured === '@current' || isAccessible) return shown
  return [...shown, `The key has no access to the configured project ${configured}.`]
}
