import { isObject } from '../../shared/is-object.ts'
import { invalid } from '../http/api-error.ts'
import { HREF, selectorHogql, TEXTS, tagHogql } from './element-hogql.ts'
import type { FilterContext } from './filter-context.ts'
import { allOf, anyOf } from './hogql-values.ts'
import { propertyHogql } from './property-hogql.ts'

/**
 * HogQL condition of an action by id: any of its steps matches the event.
 *
 * @throws ApiError 400 for an unknown action.
 */
export function actionHogql(id: unknown, context: FilterContext): string {
  const action = context.action(id)
  if (action === undefined) throw invalid(null, `Action ID ${String(id)} does not exist!`)
  return actionStepsHogql(action['steps'], context)
}

/**
 * HogQL condition of the steps of an action. Without steps, every event matches.
 *
 * @see PostHog/posthog posthog/hogql/property.py, steps_to_expr
 */
export function actionStepsHogql(steps: unknown, context: FilterContext): string {
  const list = Array.isArray(steps) ? steps.filter(isObject) : []
  return list.length === 0 ? allOf([]) : anyOf(list.map((step) => stepHogql(step, context)))
}

function stepHogql(step: Record<string, unknown>, context: FilterContext): string {
  const { values } = context
  const conditions: string[] = []
  const { event, selector, tag_name, href, text, url, properties } = step
  if (typeof event === 'string' && event !== '') conditions.push(`event = ${values.add(event)}`)
  if (event === '$autocapture') {
    if (typeof selector === 'string' && selector !== '') conditions.push(selectorHogql(selector, values))
    if (typeof tag_name === 'string') conditions.push(tagHogql(tag_name, values))
    if (typeof href === 'string') conditions.push(textHogql(HREF, href, step['href_matching'], context))
    if (typeof text === 'string') {
      conditions.push(`arrayExists(x -> ${textHogql('x', text, step['text_matching'], context)}, ${TEXTS})`)
    }
  }
  if (typeof url === 'string' && url !== '') {
    const matching = step['url_matching'] ?? 'contains'
    const field = 'properties.$current_url'
    // Unlike an href, a URL is matched by case.
    conditions.push(
      matching === 'contains'
        ? `ifNull(${field} LIKE ${values.add(`%${url}%`)}, 0)`
        : textHogql(field, url, matching, context),
    )
  }
  if (Array.isArray(properties) && properties.length > 0) conditions.push(propertyHogql(properties, context))
  return allOf(conditions)
}

function textHogql(field: string, value: string, matching: unknown, { values }: FilterContext): string {
  if (matching === 'regex') return `ifNull(match(${field}, ${values.add(value)}), 0)`
  if (matching === 'contains') return `ifNull(${field} ILIKE ${values.add(`%${value}%`)}, 0)`
  return `ifNull(${field} = ${values.add(value)}, 0)`
}
