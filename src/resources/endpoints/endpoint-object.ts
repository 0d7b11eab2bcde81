import type { ListItem } from '../requester.ts'

/** An endpoint as PostHog's API describes it. */
export type EndpointObject = ListItem<'GET /api/projects/{project_id}/endpoints/'>

/** Filters of the list of endpoints. */
export interface ListEndpoints {
  /** Only active, or only inactive ones. Default: both. */
  readonly isActive?: boolean | undefined
  /** Endpoints per request. Default: PostHog's 100. */
  readonly pageSize?: number | undefined
}

/** Which version to read. */
export interface AtVersion {
  /** Default: the current one. */
  readonly version?: number | undefined
}
