import { type OptionNames, refuseUnknown, unexpected } from '../runtime/config/check-options.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { checkedCall } from './calls.ts'
import { requireObject, requireText } from './check-arguments.ts'
import type { CallOptions } from './requester.ts'
import type { AnswerOf, BodyOf } from './routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from './verbs.ts'

const annotations = '/api/projects/{project_id}/annotations/'
const annotation = '/api/projects/{project_id}/annotations/{id}/'

/** A note on the time axis of charts. */
export type Annotation = AnswerOf<`GET ${typeof annotation}`>

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
    SoftDeletes<`PATCH ${typeof annotation}`> {
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
