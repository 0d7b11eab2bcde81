import { forbidden, invalid } from '../../http/api-error.ts'
import { listParameter } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { currentUser, ORGANIZATION, USER } from '../../store/account.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { choice } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { type SearchText, searchRecords, searchTerm } from '../../store/trigram-search.ts'
import { organizationOf } from './organizations.ts'

/** A second member, whom the user may manage. */
const COLLEAGUE = {
  ...USER,
  hedgehog_config: null,
  role_at_organization: null,
  id: 2,
  uuid: '018d2a6e-0000-7000-8000-000000000006',
  distinct_id: 'local-colleague',
  first_name: 'Local',
  last_name: 'Colleague',
  email: 'colleague@example.com',
}
const MEMBER = 1
const ADMIN = 8
const OWNER = 15
const LEVELS: readonly number[] = [MEMBER, ADMIN, OWNER]

/** The members of an organization. */
export const MEMBERS: CollectionKind = {
  name: 'members',
  ids: 'uuid',
  seed: (state, organization) => {
    const times = { joined_at: state.startedAt.toISOString(), updated_at: state.startedAt.toISOString() }
    const owner = { user: currentUser(state), level: OWNER, ...times }
    return organization === ORGANIZATION.id ? [owner, { user: COLLEAGUE, level: MEMBER, ...times }] : [owner]
  },
}

const members: Resource = {
  kind: MEMBERS,
  path: 'organizations/:organization/members',
  object: 'organization_member',
  idName: 'user',
  fields: { level: choice(LEVELS) },
  systemFields: ['updated_at'],
  operations: ['list', 'update', 'delete'],
  deletion: 'hard',
  activity: 'OrganizationMembership',
  owner: organizationOf,
  find: (call, uuid) => findMember(call, uuid),
  filter: filterMembers,
  prepareUpdate: (_, before, { level }) => {
    if (isCaller(before) && level !== undefined) throw forbidden("You can't change your own access level.")
    return {}
  },
  beforeDelete: (_, member) => {
    if (isCaller(member)) throw forbidden('The only owner of an organization cannot leave it.')
  },
  view: (_, member) => memberView(member),
}

/** The members of an organization. */
export const memberRoutes: readonly Route[] = resourceRoutes(members)

/**
 * Filters and orders members. A search orders them by relevance.
 *
 * @see PostHog/posthog posthog/api/organization_member.py; the other filters: PostHog's OpenAPI document of 2026-09-16
 */
function filterMembers({ url }: Call, found: readonly StoredRecord[]): readonly StoredRecord[] {
  const [levels, domain, outside, order] = [
    'levels',
    'email_domain',
    'outside_verified_domains',
    'order',
  ].map((name) => url.searchParams.get(name))
  if (outside === 'true') {
    throw invalid(
      'outside_verified_domains',
      'The local PostHog has no verified domains and does not support outside_verified_domains.',
    )
  }
  const wanted = levels ? listParameter(levels).map(readLevel) : []
  const matching = found
    .filter(({ level }) => wanted.length === 0 || wanted.includes(level))
    .filter((member) => !domain || emailOf(member).endsWith(`@${domain.toLowerCase()}`))
  const term = searchTerm(url)
  if (term !== '') return searchRecords(matching, term, textsOf)
  const sign = order === 'joined_at' ? 1 : -1
  return [...matching].sort((a, b) => sign * (joinedAt(a) - joinedAt(b)))
}

function readLevel(text: string): unknown {
  const level = Number(text)
  if (LEVELS.includes(level)) return level
  throw invalid('levels', `The local PostHog does not support the level ${text}.`)
}

function textsOf(member: StoredRecord): SearchText[] {
  const { first_name, last_name, email } = userOf(member)
  return [first_name, last_name, email].map((text) => ({ text: String(text ?? '') }))
}

function emailOf(member: StoredRecord): string {
  return String(userOf(member)['email']).toLowerCase()
}

function joinedAt({ joined_at }: StoredRecord): number {
  return Date.parse(String(joined_at))
}

/** Finds a member of the organization in the path by the uuid of the user. */
export function findMember(call: Call, uuid: string): StoredRecord | undefined {
  const userUuid = uuid === '@me' ? USER.uuid : uuid
  return collectionOf(call.state, MEMBERS, organizationOf(call))
    .all()
    .find((member) => userOf(member)['uuid'] === userUuid)
}

/** A member as responses show it. */
export function memberView({ id, user, level, joined_at, updated_at }: StoredRecord): JsonRecord {
  const login = { is_2fa_enabled: false, has_social_auth: false, last_login: joined_at }
  return { id, user, level, joined_at, updated_at, ...login }
}

/** The user of a member. */
export function userOf(member: StoredRecord): JsonRecord {
  return member['user'] as JsonRecord
}

function isCaller(member: StoredRecord): boolean {
  return userOf(member)['uuid'] === USER.uuid
}
