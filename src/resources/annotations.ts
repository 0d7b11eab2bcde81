import { type OptionNames, rejectUnknownOptions, unexpected } from '../runtime/config/check-options.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { requireObject, requireText } from './check-arguments.ts'
import {
  checkedCall,
  listMethod,
  method,
  type NestedListMethod,
  type OptionalQueryMethod,
} from './methods.ts'
import type { BodyOf, CallOptions, Requester, ResponseOf } from './requester.ts'
import {
  type Collection,
  collection,
  type Listable,
  type Readable,
  type Resource,
  type SoftDeletable,
  softDeletes,
} from './verbs.ts'

const annotations = '/api/projects/{project_id}/annotations/'
const annotation = '/api/projects/{project_id}/annotations/{id}/'

/** An annotation. */
export interface Annotation extends ResponseOf<`GET ${typeof annotation}`> {}

/** A deployment to mark on charts. */
export interface Deploy {
  /** Version, such as `1.4.0`, or a commit hash. */
  readonly version: string
  /** Time of the deployment. Default: now. */
  readonly at?: Date | string | undefined
  /** Link with details, appended to the annotation. */
  readonly url?: string | undefined
}

/** Annotations on charts. */
export interface Annotations
  extends Collection<typeof annotations, typeof annotation>,
    SoftDeletable<`PATCH ${typeof annotation}`> {
  /**
   * Creates a project-wide annotation for a deployment.
   *
   * @throws ConfigurationError for a missing `version` or an invalid `at`
   * @example await posthog.annotations.markDeploy({ version: '1.4.0' })
   */
  markDeploy(deploy: Deploy, options?: CallOptions): APIPromise<Annotation>
}

/** Creates the annotations resource. */
export const createAnnotations: Resource<Annotations> = (api) => ({
  ...collection(api, annotations, annotation),
  ...softDeletes(api, annotation),
  markDeploy: (deploy, options) =>
    checkedCall(api, `POST ${annotations}`, () => ({ body: deployAnnotation(deploy) }), options),
})

const deployNames: OptionNames<Deploy> = { version: true, at: true, url: true }

function deployAnnotation(deploy: Deploy): BodyOf<`POST ${typeof annotations}`> {
  requireObject('deploy', deploy)
  rejectUnknownOptions('markDeploy', deploy, deployNames)
  const { version, at = new Date(), url } = deploy
  requireText('version', version)
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) throw unexpected('`at`', at, 'a Date or an ISO 8601 string')
  const content = url === undefined ? `Deployed ${version}` : `Deployed ${version}: ${url}`
  return { content, date_marker: time.toISOString(), scope: 'project' }
}

const comments = '/api/projects/{project_id}/comments/'
const comment = '/api/projects/{project_id}/comments/{id}/'

/** A comment. */
export interface Comment extends ResponseOf<`GET ${typeof comment}`> {}

/** Comments on insights, dashboards, recordings and more, addressed by `scope` and `item_id`. */
export interface Comments
  extends Collection<typeof comments, typeof comment>,
    Omit<SoftDeletable<`PATCH ${typeof comment}`>, 'restore'> {
  /**
   * Restores a deleted comment. PostHog accepts no change without content, so this reads the comment first and sends its
   * content again.
   *
   * @throws NotFoundError if it does not exist
   * @example await posthog.comments.restore(id)
   */
  restore(id: string, options?: CallOptions): Promise<Comment>
  /**
   * Counts comments.
   *
   * @example const { count } = await posthog.comments.count({ scope: 'Insight', item_id: '7' })
   */
  count: OptionalQueryMethod<`GET ${typeof comments}count/`>
  /** Lists the replies to a comment. */
  thread: NestedListMethod<`GET ${typeof comment}thread/`>
}

/** Creates the comments resource. */
export const createComments: Resource<Comments> = (api) => ({
  ...collection(api, comments, comment),
  ...softDeletes(api, comment),
  restore: (id, options) => restoreComment(api, id, options),
  count: method(api, `GET ${comments}count/`, 'query?'),
  thread: listMethod(api, `GET ${comment}thread/`, 'id, query?'),
})

async function restoreComment(api: Requester, id: string, options?: CallOptions): Promise<Comment> {
  const path = { id }
  const { content, rich_content } = await api.request(
    `GET ${comment}`,
    { path, query: { deleted: true } },
    options,
  )
  const body = { deleted: false, content: content ?? '', rich_content }
  return api.request(`PATCH ${comment}`, { path, body }, options)
}

const notebooks = '/api/projects/{project_id}/notebooks/'
const notebook = '/api/projects/{project_id}/notebooks/{short_id}/'

/** A notebook. */
export interface Notebook extends ResponseOf<`GET ${typeof notebook}`> {}

/** Notebooks, by short id. Read-only and unstable: PostHog changes this API often. */
export interface Notebooks extends Listable<`GET ${typeof notebooks}`>, Readable<`GET ${typeof notebook}`> {}

/** Creates the notebooks resource. */
export const createNotebooks: Resource<Notebooks> = (api) => ({
  list: listMethod(api, `GET ${notebooks}`, 'query?'),
  get: method(api, `GET ${notebook}`, 'id'),
})
