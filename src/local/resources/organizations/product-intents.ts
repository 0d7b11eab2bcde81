import { isObject } from '../../../shared/is-object.ts'
import { bare } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { type Fields, object, text } from '../../store/fields.ts'
import { bodyObject, readFields } from '../../store/read-fields.ts'
import { changeRecord, findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, recordResponse } from '../../store/resource-routes.ts'

// PostHog/posthog posthog/models/product_intent/product_intent.py
const INTENT: Fields = {
  product_type: text({ required: true }),
  intent_context: text(),
  metadata: object({ default: {} }),
}

/** Routes that register interest in a product, and the end of its onboarding. The list of products is open here. */
export function productIntentRoutes(projects: Resource): readonly Route[] {
  const one = `${projects.path}/:id`
  return [
    actionRoute('PATCH', `${one}/add_product_intent`, 'project:read', async (call) => {
      const { product_type } = readFields(INTENT, call.body)
      const project = findRecord(projects, call)
      const product_intents = withIntent(call, project, product_type, {})
      return recordResponse(
        projects,
        call,
        await changeRecord(projects, call, project, { product_intents }),
        201,
      )
    }),
    actionRoute('PATCH', `${one}/complete_product_onboarding`, 'project:read', async (call) => {
      if (!bodyObject(call.body)['product_type']) throw bare(400, 'product_type is required')
      const { product_type } = readFields(INTENT, call.body)
      const project = findRecord(projects, call)
      const completed = { onboarding_completed_at: call.state.now().toISOString() }
      const { has_completed_onboarding_for: before } = project
      const changed = await changeRecord(projects, call, project, {
        product_intents: withIntent(call, project, product_type, completed),
        has_completed_onboarding_for: { ...(isObject(before) ? before : {}), [String(product_type)]: true },
      })
      return recordResponse(projects, call, changed)
    }),
  ]
}

function withIntent({ state }: Call, project: StoredRecord, type: unknown, more: JsonRecord): JsonRecord[] {
  const { product_intents: stored } = project
  const intents: JsonRecord[] = Array.isArray(stored) ? stored.filter(isObject) : []
  const now = state.now().toISOString()
  const known = intents.find(({ product_type }) => product_type === type)
  const fresh = { product_type: type, created_at: now, onboarding_completed_at: null }
  return [...intents.filter((intent) => intent !== known), { ...(known ?? fresh), updated_at: now, ...more }]
}
