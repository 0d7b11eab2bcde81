import { type ListOfCall, listOfCall } from '../calls.ts'
import type { ListRoute, Requester } from '../requester.ts'

/** A resource that keeps a log of what was done with each object. */
export interface HasActivity<R extends ListRoute> {
  /**
   * What was done with an object and by whom, newest first.
   *
   * @example for await (const entry of posthog.featureFlags.activity(7)) console.log(entry.activity, entry.created_at)
   */
  activity: ListOfCall<R>
}

/** `activity` of a route. */
export function activity<R extends ListRoute>(api: Requester, route: R): HasActivity<R> {
  return { activity: listOfCall(api, route) }
}
