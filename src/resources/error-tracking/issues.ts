import type { List } from '../../runtime/paging/list.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { activity, type HasActivity } from '../capabilities.ts'
import {
  type BodyMethod,
  checkedCall,
  type IdBodyMethod,
  listMethod,
  method,
  type QueryMethod,
} from '../methods.ts'
import type { CallOptions, ListOptions, ResponseOf } from '../requester.ts'
import type { Listable, Readable, Resource, Updatable } from '../verbs.ts'
import {
  type ErrorTrackingEvent,
  type ErrorTrackingIssueDetail,
  type IssueDetailOptions,
  type IssueEventFilters,
  type IssueFilters,
  issueDetail,
  type QueriedIssue,
  queryIssueEvents,
  queryIssues,
} from './query-issues.ts'

const issues = '/api/projects/{project_id}/error_tracking/issues/'
const issue = '/api/projects/{project_id}/error_tracking/issues/{id}/'

/** An error tracking issue. */
export interface ErrorTrackingIssue extends ResponseOf<`GET ${typeof issue}`> {}

/** Error tracking issues: groups of similar exceptions. PostHog creates them from events and never deletes them. */
export interface ErrorTrackingIssues
  extends Listable<`GET ${typeof issues}`>,
    Readable<`GET ${typeof issue}`>,
    Updatable<`PATCH ${typeof issue}`>,
    HasActivity<`GET ${typeof issue}activity/`> {
  /**
   * Queries issues with the number of occurrences, users and sessions. Default: active issues of the last 7 days, the
   * most frequent first. PostHog leaves out test accounts unless `filterTestAccounts` is `false`.
   *
   * @throws BadRequestError for an invalid filter
   * @example
   * for await (const { name, aggregations } of posthog.errorTracking.issues.query({ orderBy: 'users' })) {
   *   console.log(name, aggregations?.users)
   * }
   */
  query(filters?: IssueFilters, options?: ListOptions): List<QueriedIssue>
  /**
   * Reads an issue with its impact, top frame and latest release. Default: of the last 7 days.
   *
   * @throws NotFoundError if it does not exist
   * @example const { impact, sparkline } = await posthog.errorTracking.issues.detail(id, { includeSparkline: true })
   */
  detail(id: string, detail?: IssueDetailOptions, options?: CallOptions): APIPromise<ErrorTrackingIssueDetail>
  /**
   * Lists sampled exceptions of an issue, the newest first. Default: of the last 7 days, without stack traces.
   *
   * @throws NotFoundError if the issue does not exist
   * @example
   * for await (const { properties } of posthog.errorTracking.issues.events(id, { include: ['stacktrace'] })) {
   *   console.log(properties?.['$exception_list'])
   * }
   */
  events(id: string, filters?: IssueEventFilters, options?: ListOptions): List<ErrorTrackingEvent>
  /**
   * Assigns an issue to a user or a role. `null` unassigns it.
   *
   * @example await posthog.errorTracking.issues.assign(id, { assignee: { type: 'user', id: 3 } })
   */
  assign: IdBodyMethod<`PATCH ${typeof issue}assign/`>
  /**
   * Merges other issues into one.
   *
   * @example await posthog.errorTracking.issues.merge(id, { ids: [duplicateId] })
   */
  merge: IdBodyMethod<`POST ${typeof issue}merge/`>
  /** Splits fingerprints of an issue into new issues. */
  split: IdBodyMethod<`POST ${typeof issue}split/`>
  /**
   * Sets the status or the assignee of several issues.
   *
   * @example await posthog.errorTracking.issues.updateMany({ ids, action: 'set_status', status: 'resolved' })
   */
  updateMany: BodyMethod<`POST ${typeof issues}bulk/`>
}

/** Creates the error tracking issues resource. */
export const createErrorTrackingIssues: Resource<ErrorTrackingIssues> = (api) => ({
  list: listMethod(api, `GET ${issues}`, 'query?'),
  get: method(api, `GET ${issue}`, 'id'),
  update: method(api, `PATCH ${issue}`, 'id, body'),
  ...activity(api, `GET ${issue}activity/`),
  query: (filters, options) => queryIssues(api, filters, options),
  detail: (id, detail, options) => {
    return checkedCall(api, issueDetail.route, () => issueDetail.input(id, detail), options)
  },
  events: (id, filters, options) => queryIssueEvents(api, id, filters, options),
  assign: method(api, `PATCH ${issue}assign/`, 'id, body'),
  merge: method(api, `POST ${issue}merge/`, 'id, body'),
  split: method(api, `POST ${issue}split/`, 'id, body'),
  updateMany: method(api, `POST ${issues}bulk/`, 'body'),
})

const fingerprints = '/api/projects/{project_id}/error_tracking/fingerprints/'
const fingerprint = '/api/projects/{project_id}/error_tracking/fingerprints/{id}/'

/** A fingerprint, which identifies exceptions of the same issue. */
export interface ErrorTrackingFingerprint extends ResponseOf<`GET ${typeof fingerprint}`> {}

/** Fingerprints and the issues that they belong to. */
export interface ErrorTrackingFingerprints
  extends Listable<`GET ${typeof fingerprints}`>,
    Readable<`GET ${typeof fingerprint}`> {}

/** Creates the fingerprints resource. */
export const createErrorTrackingFingerprints: Resource<ErrorTrackingFingerprints> = (api) => ({
  list: listMethod(api, `GET ${fingerprints}`, 'query?'),
  get: method(api, `GET ${fingerprint}`, 'id'),
})

const fileLinks = '/api/projects/{project_id}/error_tracking/git-provider-file-links/'

/** Links from a stack frame to its source line. */
export interface ErrorTrackingSymbolLinks {
  /**
   * Resolves the GitHub URL of a source line.
   *
   * @example const { url } = await posthog.errorTracking.symbolLinks.github({ owner, repository, file_name, code_sample })
   */
  github: QueryMethod<`GET ${typeof fileLinks}resolve_github/`>
  /** Resolves the GitLab URL of a source line. */
  gitlab: QueryMethod<`GET ${typeof fileLinks}resolve_gitlab/`>
}

/** Creates the symbol links resource. */
export const createErrorTrackingSymbolLinks: Resource<ErrorTrackingSymbolLinks> = (api) => ({
  github: method(api, `GET ${fileLinks}resolve_github/`, 'query?'),
  gitlab: method(api, `GET ${fileLinks}resolve_gitlab/`, 'query?'),
})
