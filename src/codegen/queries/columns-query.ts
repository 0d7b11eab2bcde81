import type { Expression, Query } from '../../hogql/parse/tree.ts'
import { type ParameterType, type SampleValue, sampleOf } from './parameter-type.ts'

/** A part of a text and its replacement. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A query with the columns of another query, and without rows. */
export interface ColumnsQuery {
  readonly query: string
  /** Sample values by placeholder. */
  readonly values: Readonly<Record<string, SampleValue | readonly SampleValue[]>>
  /** Converts an offset in `query` to an offset in the text of the other query. */
  toSource(offset: number): number
}

/** A query in a text, with the places of its parameters. */
export interface QueryInText {
  readonly text: string
  readonly tree: Query
  readonly start: number
  readonly end: number
  readonly parameters: readonly {
    readonly name: string
    readonly type: ParameterType
    readonly places: readonly { readonly start: number; readonly end: number }[]
  }[]
}

/**
 * Creates the query that PostHog answers with the columns and no rows: each outermost SELECT gets `LIMIT 0`, so that names
 * and positions stay those of the query. Sample values replace the parameters.
 *
 * Source: posthog/hogql/query.py of PostHog/posthog: each outermost SELECT has a limit of its own.
 */
export function columnsQuery({ text, tree, start, end, parameters }: QueryInText): ColumnsQuery {
  const values: Record<string, SampleValue | readonly SampleValue[]> = {}
  const edits: Edit[] = limitEdits(text, tree)
  for (const { name, type, places } of parameters) {
    const sample = sampleOf(type, name)
    values[name] = sample.value
    edits.push(...places.map((place) => ({ start: place.start, end: place.end, text: sample.text })))
  }
  const applied = withoutNested(edits)
  let query = ''
  let from = start
  /** Offsets in `query` and in the text at the end of each edit. */
  const marks: { readonly query: number; readonly text: number; readonly edit: Edit }[] = []
  for (const edit of applied) {
    query += text.slice(from, edit.start) + edit.text
    from = edit.end
    marks.push({ query: query.length, text: edit.end, edit })
  }
  query += text.slice(from, end)
  const toSource = (offset: number): number => {
    let shift = start
    for (const mark of marks) {
      if (offset < mark.query - mark.edit.text.length) break
      if (offset < mark.query) return mark.edit.start
      shift = mark.text - mark.query
    }
    return Math.min(offset + shift, text.length)
  }
  return { query, values, toSource }
}

/** Sorts edits, and drops those inside of others: a parameter in a LIMIT that becomes 0. */
function withoutNested(edits: readonly Edit[]): Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || b.end - a.end)
  let last = -1
  return sorted.filter(({ start, end }) => {
    const isNested = end <= last && start < last
    last = Math.max(last, end)
    return !isNested
  })
}

function limitEdits(text: string, query: Query): Edit[] {
  if (query.node === 'Placeholder') return []
  if (query.node === 'SelectSetQuery') {
    return [query.first, ...query.rest.map((other) => other.query)].flatMap((select) =>
      limitEdits(text, select),
    )
  }
  if (query.limit !== undefined) return [replace(query.limit)]
  const { offset, end } = query
  const at = offset === undefined ? end : startOfOffset(text, offset)
  return [{ start: at, end: at, text: offset === undefined ? '\nLIMIT 0' : 'LIMIT 0 ' }]
}

function replace({ start, end }: Expression): Edit {
  return { start, end, text: '0' }
}

/** The keyword in front of an OFFSET without LIMIT. */
function startOfOffset(text: string, offset: Expression): number {
  return text.slice(0, offset.start).toUpperCase().lastIndexOf('OFFSET')
}
