import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import { ORGANIZATION, USER } from '../../store/account.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { choice, text } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { ROLES } from '../organizations/roles.ts'

/** The statuses of an issue. */
export const STATUSES = ['archived', 'active', 'resolved', 'pending_release', 'suppressed'] as const
/** The statuses that a change of one issue can set. */
const WRITABLE_STATUSES = ['active', 'resolved', 'suppressed'] as const
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

const SEEDS = [
  {
    uuid: '018d2a6e-0000-7000-8000-000000000101',
    name: 'TypeError',
    description: "Cannot read properties of undefined (reading 'plan')",
    daysAgo: 20,
    fingerprints: 2,
  },
  {
    uuid: '018d2a6e-0000-7000-8000-000000000102',
    name: 'RangeError',
    description: 'Invalid time value',
    daysAgo: 9,
    fingerprints: 1,
  },
  {
    uuid: '018d2a6e-0000-7000-8000-000000000103',
    name: 'NetworkError',
    description: 'Failed to fetch /api/checkout',
    daysAgo: 2,
    fingerprints: 1,
  },
] as const
const DAY_MS = 86_400_000

const firstSeen = ({ startedAt }: Pick<ServerState, 'startedAt'>, daysAgo: number): string =>
  new Date(startedAt.getTime() - daysAgo * DAY_MS).toISOString()

/** Issues: groups of similar errors. A new server has three. */
export const ISSUES: CollectionKind = {
  name: 'error_tracking_issues',
  ids: 'uuid',
  sample: (state) =>
    SEEDS.map(({ uuid, name, description, daysAgo }) => ({
      id: uuid,
      name,
      description,
      status: 'active',
      severity: null,
      assignee: null,
      first_seen: firstSeen(state, daysAgo),
    })),
}

/** Fingerprints: each belongs to one issue. */
export const FINGERPRINTS: CollectionKind = {
  name: 'error_tracking_fingerprints',
  ids: 'uuid',
  sample: (state) =>
    SEEDS.flatMap(({ uuid, name, daysAgo, fingerprints }) =>
      Array.from({ length: fingerprints }, (_, index) => ({
        fingerprint: `${name}:${index + 1}`,
        issue_id: uuid,
        created_at: firstSeen(state, daysAgo),
      })),
    ),
}

/** The error tracking issues of the project. */
export const issues: Resource = {
  kind: ISSUES,
  path: 'projects/:project/error_tracking/issues',
  object: 'error_tracking',
  fields: {
    status: choice(WRITABLE_STATUSES),
    name: text({ nullable: true, blank: true }),
    description: text({ nullable: true, blank: true }),
    severity: choice(SEVERITIES, { nullable: true }),
  },
  operations: ['list', 'get', 'update', 'delete'],
  deletion: 'refused',
  activity: 'ErrorTrackingIssue',
  view: (_, issue) => ({
    first_seen: issue['first_seen'],
    assignee: issue['assignee'],
    external_issues: [],
    cohort: null,
  }),
}

/**
 * Reads the user or role that an issue is assigned to.
 *
 * @throws ApiError 400 for an unknown user or role.
 */
export function readAssignee(state: ServerState, given: unknown): JsonRecord | null {
  if (given === null) return null
  const { id, type } = isObject(given) ? given : {}
  if (type === 'user' && Number(id) === USER.id) return { id: USER.id, type }
  if (type === 'role' && collectionOf(state, ROLES, ORGANIZATION.id).get(id) !== undefined)
    return { id, type }
  throw invalid('assignee', `There is no ${String(type)} ${String(id)} in this organization`)
}

/** The fingerprints of an issue. */
export function fingerprintsOf(state: ServerState, issue: StoredRecord): StoredRecord[] {
  return collectionOf(state, FINGERPRINTS)
    .all()
    .filter((fingerprint) => fingerprint['issue_id'] === issue.id)
}
