import { isObject } from '../../shared/is-object.ts'
import { byCodeUnit } from '../source-text.ts'
import { type JsonShape, shapeOfPayload } from './json-shape.ts'
import type {
  EventDescription,
  FlagDescription,
  FlagState,
  PropertyDescription,
  VariableDescription,
} from './project-description.ts'
import type { RankedEvent } from './select-events.ts'

/** Members that event and property definitions share in PostHog's API. */
interface Definition {
  readonly name: string
  readonly description?: string | null | undefined
  readonly hidden?: boolean | null | undefined
  readonly verified?: boolean | undefined
  readonly tags?: readonly unknown[] | undefined
}

/** An event definition in PostHog's API. */
export interface ListedEvent extends Definition {
  readonly last_seen_at?: string | null | undefined
}

/** A property definition in PostHog's API. */
export interface ListedProperty extends Definition {
  readonly property_type?: string | null | undefined
}

/** A feature flag in PostHog's API. */
export interface ListedFlag {
  readonly key: string
  readonly name?: string | undefined
  readonly active?: boolean | undefined
  readonly archived?: boolean | undefined
  readonly has_encrypted_payloads?: boolean | null | undefined
  readonly filters?: unknown
}

/** An insight variable in PostHog's API. */
export interface ListedVariable {
  readonly name: string
  readonly code_name: string | null
  readonly type: string
  readonly default_value?: unknown
  readonly values?: unknown
  readonly is_multi?: boolean | undefined
}

/** Describes an event. The time it was last seen is left out: it would change the module with every pull. */
export function describeEvent(
  definition: ListedEvent,
  properties: readonly string[] | undefined,
): EventDescription {
  return { name: definition.name, properties, ...docsOfDefinition(definition) }
}

/** Returns what the selection of an event depends on. */
export function rankedEvent({ name, hidden, last_seen_at }: ListedEvent): RankedEvent {
  return { name, hidden: hidden === true, lastSeenAt: last_seen_at ?? undefined }
}

/** Describes a property of events or groups. */
export function describeProperty(definition: ListedProperty): PropertyDescription {
  const { name, property_type } = definition
  return { name, type: property_type || undefined, ...docsOfDefinition(definition) }
}

function docsOfDefinition({ description, hidden, verified, tags = [] }: Definition): {
  readonly lines: readonly string[]
  readonly deprecated: string | undefined
} {
  const names = tags.filter((tag) => typeof tag === 'string').sort(byCodeUnit)
  const lines = [
    description ?? '',
    verified === true ? 'Verified.' : '',
    names.length === 0 ? '' : `Tags: ${names.join(', ')}.`,
  ]
  return {
    lines,
    deprecated: hidden === true ? 'Hidden in PostHog.' : undefined,
  }
}

const deprecations: Readonly<Record<FlagState, string | undefined>> = {
  active: undefined,
  disabled: 'The flag is disabled.',
  archived: 'The flag is archived.',
}

/** Describes a feature flag. Payloads that PostHog encrypts have an unknown type. */
export function describeFlag(flag: ListedFlag): FlagDescription {
  const { key, name, active, archived, has_encrypted_payloads: encrypted } = flag
  const filters = isObject(flag.filters) ? flag.filters : {}
  const payloads = isObject(filters['payloads']) ? filters['payloads'] : {}
  const payloadOf = (value: string): JsonShape | null => {
    const payload = Object.hasOwn(payloads, value) ? payloads[value] : undefined
    if (payload === undefined || payload === null || payload === '') return null
    return encrypted === true ? 'unknown' : shapeOfPayload(payload)
  }
  const variants = variantNames(filters['multivariate'])
  const state = archived === true ? 'archived' : active === false ? 'disabled' : 'active'
  return {
    key,
    state,
    variants:
      variants.length === 0
        ? undefined
        : Object.fromEntries(variants.map((variant) => [variant, payloadOf(variant)])),
    payload: payloadOf('true'),
    lines: name === undefined ? [] : [name],
    deprecated: deprecations[state],
  }
}

function variantNames(multivariate: unknown): string[] {
  const variants = isObject(multivariate) ? multivariate['variants'] : undefined
  if (!Array.isArray(variants)) return []
  return variants.flatMap((variant: unknown) =>
    isObject(variant) && typeof variant['key'] === 'string' ? [variant['key']] : [],
  )
}

/** Describes an insight variable. Returns undefined without a code name: queries cannot use it. */
export function describeVariable(variable: ListedVariable): VariableDescription | undefined {
  const { name, code_name, type, default_value, values, is_multi } = variable
  if (code_name === null || code_name === '') return undefined
  const hasDefault = default_value !== undefined && default_value !== null && default_value !== ''
  return {
    codeName: code_name,
    type,
    values: type === 'List' && Array.isArray(values) ? values.map(String) : undefined,
    isMulti: is_multi === true,
    lines: [name, ...(hasDefault ? [`Default: ${JSON.stringify(default_value)}.`] : [])],
  }
}
