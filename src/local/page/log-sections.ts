import { writeJson } from '../http/json.ts'
import type { ReceivedRequest } from '../http/request-log.ts'
import type { LogLine } from '../resources/endpoints/endpoint-store.ts'
import { type Html, html } from './html.ts'
import type { PageSource } from './page-source.ts'

/** Maximum number of rows of each log on the page. */
const MAX_ROWS = 100
/** Maximum number of characters of a request body on the page. */
const MAX_BODY = 5_000

/** The latest requests, newest first. */
export function requestSection({ log }: PageSource): Html {
  const { requests, dropped } = log
  const shown = requests.slice(-MAX_ROWS).reverse()
  const total = dropped + requests.length
  return html`
<section id="requests" aria-labelledby="requests-title">
  <h2 id="requests-title">Requests</h2>
  <p id="request-count" class="hint" data-live>${countText(shown.length, total, 'request')}</p>
  ${table(
    'Requests, newest first',
    ['Time (UTC)', 'Method', 'Path', 'Status', 'Key', 'Body'],
    'request-rows',
    shown.map((request, index) => requestRow(request, total - index)),
  )}
</section>`
}

function requestRow({ receivedAt, method, path, key, body, status }: ReceivedRequest, number: number): Html {
  const text = typeof body === 'string' ? body : writeJson(body)
  return html`<tr id="request-${number}"><td>${time(receivedAt.toISOString())}</td><td>${method}</td>
    <td class="path">${path}</td><td class="${status !== undefined && status < 400 ? 'good' : 'bad'}">${status ?? 'none'}</td>
    <td>${key ?? 'none'}</td><td>${
      body !== undefined &&
      html`<details><summary>${text.length} characters</summary>
        <pre>${text.slice(0, MAX_BODY)}</pre>
        ${text.length > MAX_BODY && html`<small>Only the first ${MAX_BODY} characters are shown.</small>`}</details>`
    }</td></tr>`
}

/** The latest executions of all endpoints, newest first. */
export function executionSection({ state }: PageSource): Html {
  const lines = state.endpoints.log
  const names = new Map(state.endpoints.all().map(({ id, name }) => [id, name]))
  const shown = lines.slice(-MAX_ROWS).reverse()
  return html`
<section id="executions" aria-labelledby="executions-title">
  <h2 id="executions-title">Endpoint executions</h2>
  <p id="execution-count" class="hint" data-live>${countText(shown.length, lines.length, 'line')}</p>
  ${table(
    'Executions, newest first',
    ['Time (UTC)', 'Endpoint', 'Level', 'Message', 'Execution'],
    'execution-rows',
    shown.map((line, index) =>
      executionRow(line, names.get(line.log_source_id) ?? 'deleted', lines.length - index),
    ),
  )}
</section>`
}

function executionRow(
  { timestamp, level, message, instance_id }: LogLine,
  name: string,
  number: number,
): Html {
  return html`<tr id="execution-${instance_id}-${number}"><td>${time(timestamp)}</td><td class="name">${name}</td>
    <td class="${level === 'ERROR' ? 'bad' : 'good'}">${level}</td><td>${message}</td><td>${instance_id}</td></tr>`
}

function table(name: string, columns: readonly string[], id: string, rows: readonly Html[]): Html {
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
    <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody id="${id}" data-live>${rows}</tbody></table></div>`
}

function countText(shown: number, total: number, noun: string): string {
  if (total === 0) return `No ${noun}s yet.`
  const of = shown < total ? `The last ${shown} of ${total}` : String(total)
  return `${of} ${noun}${total === 1 ? '' : 's'}, newest first.`
}

function time(iso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(11, 23)}</time>`
}
