import type { callResource } from '../resources/call-resource.ts'
import type { Requester } from '../resources/requester.ts'
import type { Resources } from '../resources/resources.ts'
import { LateCall } from '../runtime/transport/late-call.ts'

type CallResource = typeof callResource

/** The names of all resources; a dot is for those that stand under another name. */
const names =
  'actions alerts annotations apiKeys batchExports cohorts comments dashboards dashboardTemplates ' +
  'earlyAccessFeatures errorTracking.assignmentRules errorTracking.fingerprints errorTracking.groupingRules ' +
  'errorTracking.issues errorTracking.suppressionRules errorTracking.symbolLinks eventDefinitions experiments ' +
  'featureFlags groups hogFunctions insights insightVariables integrations invites members notebooks organizations ' +
  'persons projects propertyDefinitions query roles sessionRecordings subscriptions surveys users ' +
  'warehouse.savedQueries warehouse.tables'

/** Every resource, each to be loaded by the first call of one of its methods. */
export function lateResources(requester: Requester): Resources {
  const resources: Record<string, object> = {}
  for (const name of names.split(' ')) {
    const [first = '', second] = name.split('.')
    const resource = lateResource(requester, name, {})
    if (second === undefined) resources[first] = resource
    else resources[first] = { ...resources[first], [second]: resource }
  }
  // A test holds the names against the interface.
  return resources as unknown as Resources
}

/** A resource of which some methods are here, and the others come with the first call of one. */
export function lateResource<Late extends object, Own extends object = Record<never, never>>(
  requester: Requester,
  name: string,
  own: Own,
): Own & Late {
  return new Proxy(own, {
    get: (target, method) => {
      // A resource is no promise, and whoever looks at one does not mean a method of it.
      if (method in target || typeof method !== 'string' || method === 'then' || method === 'toJSON') {
        return Reflect.get(target, method)
      }
      const call = (...input: unknown[]): LateCall => {
        const trace = new Error()
        // Only V8 and JavaScriptCore have it; others show a few lines of the package.
        Error.captureStackTrace?.(trace, call)
        return new LateCall(callMethod(requester, name, method, input, Object.keys(target)), trace)
      }
      return call
    },
  }) as Own & Late
}

async function callMethod(...call: Parameters<CallResource>): ReturnType<CallResource> {
  const { callResource } = await import('../resources/call-resource.ts')
  return callResource(...call)
}
