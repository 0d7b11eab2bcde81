import { isObject } from '../../shared/is-object.ts'
import type { JsonRecord } from '../store/collection.ts'

/** The user or role that an issue is assigned to. */
export interface Assignee {
  readonly user: number | null
  readonly role: string | null
}

/** Returns the assignee of an issue. */
export function assigneeOf({ assignee }: JsonRecord): Assignee {
  const { id, type } = isObject(assignee) ? assignee : {}
  return { user: type === 'user' ? Number(id) : null, role: type === 'role' ? String(id) : null }
}
