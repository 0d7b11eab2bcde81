// Rendering of results and errors.

import { create } from './page-elements.js'

/** Maximum number of rows of a result in the page. */
const MAX_ROWS = 500

/** @param {unknown} value */
function isNumber(value) {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** @param {unknown} value */
function cell(value) {
  if (value === null || value === undefined) return create('td', 'null', 'null')
  if (isNumber(value)) return create('td', 'number', String(value))
  if (typeof value !== 'object') return create('td', '', String(value))
  const text = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item))
  return create('td', '', text)
}

/**
 * Renders the rows of a result: lists of cells of HogQL, objects of insights, or anything else as JSON.
 *
 * @param {unknown} results
 * @param {unknown} columns
 */
export function resultTable(results, columns) {
  const rows = Array.isArray(results) ? results : [results]
  const shown = rows.slice(0, MAX_ROWS)
  const names = Array.isArray(columns)
    ? columns.map(String)
    : [...new Set(shown.flatMap((row) => Object.keys(Object(row))))]
  const cells = (/** @type {unknown} */ row) =>
    Array.isArray(row) ? row : names.map((name) => Object(row)[name])
  const head = create('tr', '')
  for (const [index, name] of names.entries()) {
    const first = shown.map((row) => cells(row)[index]).find((value) => value !== null && value !== undefined)
    const header = create('th', isNumber(first) ? 'number' : '', name)
    header.setAttribute('scope', 'col')
    head.append(header)
  }
  const body = create('tbody', '', ...shown.map((row) => create('tr', '', ...cells(row).map(cell))))
  const region = create('div', 'scroll', create('table', '', create('thead', '', head), body))
  region.tabIndex = 0
  region.setAttribute('role', 'region')
  region.setAttribute('aria-label', 'Result')
  return region
}

/**
 * The summary of a result: how many rows, how long, and whether there are more.
 *
 * @param {Readonly<Record<string, unknown>>} body
 * @param {number} ms
 */
export function summaryOf({ results, hasMore }, ms) {
  const rows = Array.isArray(results) ? results.length : 1
  const more = hasMore === true ? ' There are more rows: set a LIMIT.' : ''
  const cut = rows > MAX_ROWS ? ` The table shows the first ${MAX_ROWS}.` : ''
  return `${rows} row${rows === 1 ? '' : 's'} in ${ms} ms.${more}${cut}`
}

/**
 * @param {number} status
 * @param {Readonly<Record<string, unknown>>} body
 */
export function errorText(status, { code, detail, error, attr }) {
  const place = typeof attr === 'string' ? `${attr}: ` : ''
  return `${status}${typeof code === 'string' ? ` ${code}` : ''}: ${place}${String(detail ?? error ?? '')}`
}

/**
 * Marks the place of an error in a query, and moves the selection of its field there.
 *
 * @param {HTMLTextAreaElement} field
 * @param {unknown} extra Offsets in UTF-16 code units, `end` exclusive.
 * @returns {{ readonly place: string, readonly source: Node } | undefined}
 */
export function markError(field, extra) {
  const { start, end } = Object(extra)
  if (!Number.isInteger(start) || !Number.isInteger(end)) return undefined
  const text = field.value
  const lines = text.slice(0, start).split('\n')
  const marked = create('mark', '', text.slice(start, end).trimEnd() || ' ')
  const after = text.slice(start + (marked.textContent?.length ?? 0))
  field.focus()
  field.setSelectionRange(start, end)
  return {
    place: `Line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}. `,
    source: create('pre', 'source', text.slice(0, start), marked, after),
  }
}
