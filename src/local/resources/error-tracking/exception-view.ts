import { isObject } from '../../../shared/is-object.ts'
import { stableJson } from '../../http/json.ts'
import type { JsonRecord } from '../../store/collection.ts'
import type { CapturedException } from './exceptions.ts'

/** Groups of properties by name. Source: PostHog/posthog products/error_tracking/backend/facade/query_utils.py. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  exception: [
    '$exception_types',
    '$exception_values',
    '$exception_list',
    '$exception_fingerprint',
    '$exception_level',
    '$exception_handled',
  ],
  stacktrace: ['$exception_list'],
  code_variables: ['$exception_list'],
  environment: [
    '$lib',
    '$lib_version',
    '$browser',
    '$browser_version',
    '$os',
    '$os_version',
    '$app_namespace',
    '$app_version',
    '$device_type',
  ],
  release: ['$exception_releases'],
  navigation: ['$current_url', '$screen_name', '$referrer'],
  correlation: ['$session_id', '$trace_id', '$span_id', '$ai_trace_id', '$ai_span_id'],
  diagnostics: ['$cymbal_errors'],
}

/** Groups that a query of exceptions can include. */
export const INCLUDES: readonly string[] = Object.keys(GROUPS)

/** Groups of a query without `include`. */
export const DEFAULT_INCLUDES: readonly string[] = ['exception', 'environment', 'navigation', 'correlation']

const MAX_TEXT = 1_000
const MAX_FRAMES = 50

/** What a query returns of each exception. */
export interface ExceptionParts {
  readonly include: readonly string[]
  /** Whether to keep only frames of the app. */
  readonly onlyAppFrames: boolean
}

/** Exceptions as queries return them. A repeated stack trace refers to its first copy. */
export function exceptionViews(
  exceptions: readonly CapturedException[],
  parts: ExceptionParts,
): JsonRecord[] {
  const copies = new Map<string, JsonRecord>()
  return exceptions.map(({ uuid, timestamp, distinctId, properties }) => {
    const names = new Set(parts.include.flatMap((group) => GROUPS[group] ?? []))
    const shown = [...names]
      .filter((name) => isFilled(properties[name]))
      .map((name) => [name, propertyView(name, properties[name], parts)] as const)
    const view: Record<string, unknown> = Object.fromEntries(shown)
    const list = view['$exception_list']
    if (Array.isArray(list)) {
      view['$exception_list'] = list.map((exception: JsonRecord, index) =>
        withoutRepetition(exception, copies, { same_as_event: uuid, same_as_exception: index }),
      )
    }
    return { uuid, timestamp, distinct_id: distinctId, properties: view }
  })
}

function withoutRepetition(
  exception: JsonRecord,
  copies: Map<string, JsonRecord>,
  place: JsonRecord,
): JsonRecord {
  const { stacktrace } = exception
  if (!isObject(stacktrace) || stacktrace['frames'] === undefined) return exception
  const key = stableJson(stacktrace)
  const copy = copies.get(key)
  if (copy !== undefined) return { ...exception, stacktrace: copy }
  copies.set(key, place)
  return exception
}

// A query reads plain properties as text.
function propertyView(name: string, value: unknown, parts: ExceptionParts): unknown {
  if (name === '$exception_list') {
    return Array.isArray(value)
      ? value.filter(isObject).map((exception) => exceptionView(exception, parts))
      : value
  }
  if (name === '$exception_values' && Array.isArray(value))
    return value.map((text) => truncate(text, MAX_TEXT))
  if (name === '$exception_handled') return value === 'true' ? true : value === 'false' ? false : value
  return typeof value === 'object' ? value : String(value)
}

function exceptionView(exception: JsonRecord, { include, onlyAppFrames }: ExceptionParts): JsonRecord {
  const { type, exception_type, value, message, exception_message, module, mechanism, stacktrace } = exception
  const summary = {
    type: type || exception_type,
    value: truncate(value || message || exception_message, MAX_TEXT),
    module,
    mechanism,
  }
  const hasStack = include.includes('stacktrace') || include.includes('code_variables')
  if (!hasStack || !isObject(stacktrace)) return onlyFilled(summary)
  const { junk_drawer: _junk, raw_id: _raw, frames, ...stack } = stacktrace
  const shown = (Array.isArray(frames) ? frames.filter(isObject) : [])
    .filter((frame) => !onlyAppFrames || isInApp(frame))
    .map((frame) => frameView(frame, include.includes('code_variables')))
  const omitted = Math.max(0, shown.length - MAX_FRAMES)
  const view = { ...stack, frames: shown.slice(omitted), frames_omitted: omitted || null }
  return onlyFilled({ ...summary, stacktrace: onlyFilled(view) })
}

function frameView(frame: JsonRecord, hasVariables: boolean): JsonRecord {
  const { junk_drawer: _junk, raw_id: _raw, code_variables, ...own } = frame
  return onlyFilled({
    ...own,
    code_variables: hasVariables ? code_variables : undefined,
    mangled_name: own['mangled_name'] || own['function'] || own['name'],
    source: own['source'] || own['filename'] || own['abs_path'],
    line: own['line'] || own['lineno'],
    column: own['column'] || own['colno'],
  })
}

/** Whether a frame is in the code of the app. */
export function isInApp(frame: unknown): boolean {
  return isObject(frame) && frame['in_app'] === true
}

/** Shortens long text, and says so. */
export function truncate(value: unknown, length: number): unknown {
  if (typeof value !== 'string' || value.length <= length) return value
  const suffix = `… [truncated from ${value.length} chars]`
  return `${value.slice(0, length - suffix.length)}${suffix}`
}

/** Whether a value is neither null nor empty text. */
export function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** The members that are not null or empty: PostHog leaves out the others. */
export function onlyFilled(view: JsonRecord): JsonRecord {
  const isEmpty = (value: unknown): boolean =>
    isObject(value) || Array.isArray(value) ? Object.keys(value).length === 0 : !isFilled(value)
  return Object.fromEntries(Object.entries(view).filter(([, value]) => !isEmpty(value)))
}
