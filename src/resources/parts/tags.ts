import { type SendCall, sendCall } from '../calls.ts'
import type { Requester, Route } from '../requester.ts'

/** A resource whose objects have tags. */
export interface HasTags<R extends Route> {
  /**
   * Adds tags to several objects at once, removes them, or sets them in place of those that are there.
   *
   * @throws BadRequestError for more objects than PostHog takes at once
   * @example await posthog.insights.updateTags({ action: 'add', ids: [7, 8], tags: ['weekly'] })
   */
  updateTags: SendCall<R>
}

/** `updateTags` of a route. */
export function tags<R extends Route>(api: Requester, route: R): HasTags<R> {
  return { updateTags: sendCall(api, route) }
}
