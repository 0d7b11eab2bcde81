/** A group, such as one company. */
export interface GroupRecord {
  /** Counts up; lists are paged along it. */
  readonly number: number
  readonly group_type_index: number
  readonly group_key: string
  group_properties: Readonly<Record<string, unknown>>
  readonly created_at: string
}

/** A kind of group, such as companies. A project has five at most. */
export interface GroupTypeRecord {
  readonly group_type: string
  readonly group_type_index: number
}

/** Kinds of groups that a project may have. */
export const MOST_GROUP_TYPES: number = 5
