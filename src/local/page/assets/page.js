// The script of the page: runs queries and endpoints, and copies code.

import { call } from './page-calls.js'
import { find } from './page-elements.js'
import { errorText, markError, resultTable, summaryOf } from './page-results.js'
import { refresh, startUpdates } from './page-updates.js'

/** Milliseconds for which a button says that it copied. */
const COPIED_MS = 2_000

/** @type {Readonly<Record<string, (text: string) => unknown>>} */
const readers = {
  number: Number,
  boolean: (text) => text === 'true',
  list: (text) => text.split('\n').filter((line) => line !== ''),
}

/**
 * The variables of an endpoint's form. Empty fields are left out.
 *
 * @param {HTMLFormElement} form
 */
function readVariables(form) {
  const fields = [...form.elements].flatMap((field) =>
    field instanceof HTMLInputElement ||
    field instanceof HTMLSelectElement ||
    field instanceof HTMLTextAreaElement
      ? [field]
      : [],
  )
  const filled = fields.filter(({ dataset, value }) => dataset['variable'] !== undefined && value !== '')
  return Object.fromEntries(
    filled.map(({ dataset, value }) => [
      dataset['variable'],
      readers[dataset['type'] ?? '']?.(value) ?? value,
    ]),
  )
}

/** @type {WeakSet<HTMLFormElement>} */
const running = new WeakSet()

/**
 * Runs the query or the endpoint of a form and shows the result below it.
 *
 * @param {HTMLFormElement} form
 */
async function run(form) {
  if (running.has(form)) return
  running.add(form)
  const output = find(form.parentElement ?? document, '[data-output]', HTMLElement)
  const summary = find(output, '[data-summary]', HTMLElement)
  const result = find(output, '[data-result]', HTMLElement)
  const field = form.querySelector('textarea')
  const { endpoint } = form.dataset
  const isEndpoint = endpoint !== undefined
  summary.className = ''
  summary.textContent = 'Running…'
  try {
    const { status, ms, body } = isEndpoint
      ? await call(`endpoints/${encodeURIComponent(endpoint)}/run/`, { variables: readVariables(form) })
      : await call('query/', { query: { kind: 'HogQLQuery', query: field?.value ?? '' } })
    const isError = status >= 400
    const marked = isError && !isEndpoint && field !== null ? markError(field, body['extra']) : undefined
    if (!isEndpoint) field?.setAttribute('aria-invalid', String(isError))
    summary.className = isError ? 'bad' : 'good'
    summary.textContent = (marked?.place ?? '') + (isError ? errorText(status, body) : summaryOf(body, ms))
    result.replaceChildren(
      ...(isError
        ? marked === undefined
          ? []
          : [marked.source]
        : [resultTable(body['results'], body['columns'])]),
    )
  } catch (error) {
    summary.className = 'bad'
    summary.textContent = `No response. Is \`typehog dev\` still running? ${String(error)}`
    result.replaceChildren()
  } finally {
    running.delete(form)
  }
  await refresh()
}

document.addEventListener('submit', (event) => {
  event.preventDefault()
  if (event.target instanceof HTMLFormElement) void run(event.target)
})

document.addEventListener('input', ({ target }) => {
  const form = target instanceof Element ? target.closest('form') : null
  if (form?.dataset['endpoint'] === undefined) return
  const text = JSON.stringify(readVariables(form))
  for (const slot of form.parentElement?.querySelectorAll('[data-slot]') ?? []) slot.textContent = text
})

document.addEventListener('keydown', (event) => {
  const { target } = event
  const isRun = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
  if (isRun && target instanceof HTMLTextAreaElement) target.form?.requestSubmit()
})

document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-copy]') : null
  const code = button?.previousElementSibling
  if (!button || !code) return
  try {
    await navigator.clipboard.writeText(code.textContent ?? '')
    button.textContent = 'Copied'
  } catch {
    // Browsers deny the clipboard to pages of other hosts than this machine.
    getSelection()?.selectAllChildren(code)
    button.textContent = 'Selected'
  }
  find(document, '#announcer', HTMLElement).textContent = button.textContent
  setTimeout(() => {
    button.textContent = 'Copy'
  }, COPIED_MS)
})

document.documentElement.classList.add('has-script')
startUpdates()
