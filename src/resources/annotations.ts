import { type OptionNames, refuseUnknown, unexpected } from '../runtime/config/check-options.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { requireObject, requireText } from './check-arguments.ts'
import {
  checkedCall,
  listMethod,
  method,
  type NestedListMethod,
  type OptionalQueryMethod,
} from './methods.ts'
import type { BodyOf, CallOptions, ResponseOf } from './requester.ts'
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

/** A note on the time axis of charts. */
export type Annotation = ResponseOf<`GET ${typeof annotation}`>

/** A deployment that is marked. */
export interface Deploy {
  /** Such as `1.4.0`, or a commit. */
  readonly version: string
  /** Default: now. */
  readonly at?: Date | string | undefined
  /** Where to read more. */
  readonly url?: string | undefined
}

/** Notes on the time axis of charts. */
export interface Annotations
  extends Collection<typeof annotations, typeof annotation>,
    SoftDeletable<`PATCH ${typeof annotation}`> {
  /**
   * Marks a deployment on the charts of the whole project.
   *
   * @example await posthog.annotations.markDeploy({ version: '1.4.0' })
   */
  markDeploy(deploy: Deploy, options?: CallOptions): APIPromise<Annotation>
}

/** Binds annotations to a client. */
export const createAnnotations: Resource<Annotations> = (api) => ({
  ...collection(api, annotations, annotation),
  ...softDeletes(api, annotation),
  markDeploy: (deploy, options) =>
    checkedCall(api, `POST ${annotations}`, () => ({ body: noteOf(deploy) }), options),
})

const deployNames: OptionNames<Deploy> = { version: true, at: true, url: true }

function noteOf(deploy: Deploy): BodyOf<`POST ${typeof annotations}`> {
  requireObject('deploy', deploy)
  refuseUnknown('markDeploy', deploy, deployNames)
  const { version, at = new Date(), url } = deploy
  requireText('version', version)
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) throw unexpected('`at`', at, 'a Date or a text in ISO 8601')
  const content = url === undefined ? `Deployed ${version}` : `Deployed ${version}: ${url}`
  return { content, date_marker: time.toISOString(), scope: 'project' }
}

const comments = '/api/projects/{project_id}/comments/'
const comment = '/api/projects/{project_id}/comments/{id}/'

/** A comment on something in PostHog. */
export type Comment = ResponseOf<`GET ${typeof comment}`>

/** Comments on insights, dashboards, recordings and others, told apart by `scope` and `item_id`. */
export interface Comments
  extends Collection<typeof comments, typeof comment>,
    SoftDeletable<`PATCH ${typeof comment}`> {
  /**
   * How many comments there are.
   *
   * @example const { count } = await posthog.comments.count({ scope: 'Insight', item_id: '7' })
   */
  count: OptionalQueryMethod<`GET ${typeof comments}count/`>
  /** The answers to a comment. */
  thread: NestedListMethod<`GET ${typeof comment}thread/`>
}

/** Binds comments to a client. */
export const createComments: Resource<Comments> = (api) => ({
  ...collection(api, comments, comment),
  ...softDeletes(api, comment),
  count: method(api, `GET ${comments}count/`, 'query?'),
  thread: listMethod(api, `GET ${comment}thread/`, 'id, query?'),
})

const notebooks = '/api/projects/{project_id}/notebooks/'
const notebook = '/api/projects/{project_id}/notebooks/{short_id}/'

/** A notebook. */
export type Notebook = ResponseOf<`GET ${typeof notebook}`>

/** Notebooks, by their short ids. Unstable: PostHog changes them often, so they can only be read here. */
export interface Notebooks extends Listable<`GET ${typeof notebooks}`>, Readable<`GET ${typeof notebook}`> {}

/** Binds notebooks to a client. */
export const createNotebooks: Resource<Notebooks> = (api) => ({
  list: listMethod(api, `GET ${notebooks}`, 'query?'),
  get: method(api, `GET ${notebook}`, 'id'),
})
