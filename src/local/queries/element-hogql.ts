import { HogqlError } from '../../hogql/hogql-error.ts'
import type { FilterContext } from './filter-context.ts'
import { allOf, anyOf, type HogqlValues } from './hogql-values.ts'
import { operatorHogql } from './operator-hogql.ts'
import { parseSelector, selectorRegex } from './selector-regex.ts'

/** Tags that PostHog indexes in the chain of elements. */
const INDEXED_TAGS = ['a', 'button', 'form', 'input', 'select', 'textarea', 'label']

/**
 * HogQL condition of a filter of type `element`, on the chain of elements of an autocaptured event.
 *
 * @throws HogqlError for a key or an operator that PostHog refuses.
 * @see PostHog/posthog posthog/hogql/property.py
 */
export function elementHogql(filter: Readonly<Record<string, unknown>>, context: FilterContext): string {
  const operator = String(filter['operator'] ?? 'exact')
  const { key, value } = filter
  const list = Array.isArray(value) ? value : [value]
  const negative = operator.startsWith('not_') || operator === 'is_not'
  const join = negative ? allOf : anyOf
  if (key === 'href') return operatorHogql({ field: HREF, operator, value }, context)
  if (key === 'text') {
    return join(
      list.map(
        (item) =>
          `arrayExists(x -> ${operatorHogql({ field: 'x', operator, value: item }, context)}, ${TEXTS})`,
      ),
    )
  }
  if (key !== 'selector' && key !== 'tag_name') {
    throw new HogqlError(`property_to_expr for type element not implemented for key ${String(key)}`)
  }
  if (operator !== 'exact' && operator !== 'is_not') {
    throw new HogqlError(
      `property_to_expr for element ${key} only supports exact and is_not operators, not ${operator}`,
    )
  }
  const conditions = list.map((item) =>
    key === 'selector' ? selectorHogql(String(item), context.values) : tagHogql(String(item), context.values),
  )
  return join(conditions.map((condition) => (negative ? `NOT (${condition})` : condition)))
}

/** HogQL: the href in the chain of elements. */
export const HREF: string = `extract(elements_chain, '(?::|")href="(.*?)"')`
/** HogQL: the texts in the chain of elements. */
export const TEXTS: string = `extractAll(elements_chain, '(?::|")text="(.*?)"')`
const IDS = `extractAll(elements_chain, '(?::|")attr_id="(.*?)"')`
const TAGS = String.raw`extractAll(elements_chain, '(?:^|;)(a|button|form|input|select|textarea|label)(?:\\.|$|:)')`

/** HogQL condition: the chain of elements has the tag. */
export function tagHogql(tag: string, values: HogqlValues): string {
  return `match(elements_chain, ${values.add(`(^|;)${tag}(\\.|$|;|:)`)})`
}

/** HogQL condition: the chain of elements matches a CSS selector. */
export function selectorHogql(selector: string, values: HogqlValues): string {
  const parts = parseSelector(selector)
  const tags = parts.flatMap(({ tag }) => (tag !== undefined && INDEXED_TAGS.includes(tag) ? [tag] : []))
  const ids = parts.flatMap(({ attributes }) => attributes.filter(([name]) => name === 'attr_id'))
  return allOf([
    `match(elements_chain, ${values.add(selectorRegex(parts))})`,
    ...ids.map(([, id]) => `has(${IDS}, ${values.add(id)})`),
    ...(tags.length === 0 ? [] : [`hasAny(${TAGS}, ${values.add(tags)})`]),
  ])
}
