import { type EndpointRecord, newestVersion } from '../resources/endpoints/endpoint-store.ts'
import { copyable } from './copyable.ts'
import { curlCall, typescriptCall } from './endpoint-calls.ts'
import { initialVariables, type VariableField, variableFields } from './endpoint-variables.ts'
import { type Html, html } from './html.ts'
import { output } from './output.ts'
import type { PageSource } from './page-source.ts'

/** The endpoints of the project, each with a form that runs it. */
export function endpointSection(source: PageSource): Html {
  const endpoints = source.state.endpoints.all()
  return html`
<section id="endpoints" aria-labelledby="endpoints-title">
  <h2 id="endpoints-title">Endpoints</h2>
  <div id="endpoint-list" data-live>${
    endpoints.length === 0
      ? html`<p id="no-endpoint" class="hint">No endpoints. Create one with
          <code>npx typehog endpoints push</code> or <code>POST /api/projects/…/endpoints/</code>.</p>`
      : endpoints.map((endpoint) => endpointCard(source, endpoint))
  }</div>
</section>`
}

function endpointCard({ state }: PageSource, endpoint: EndpointRecord): Html {
  const { name } = endpoint
  const version = newestVersion(endpoint)
  const fields = variableFields(state, version)
  const variables = initialVariables(fields)
  const { query, description } = version
  const sql = query['query']
  const text = query.kind === 'HogQLQuery' && typeof sql === 'string' ? sql : JSON.stringify(query, null, 2)
  return html`<article id="endpoint-${name}" class="card" aria-labelledby="title-${name}">
  <h3 id="title-${name}">${name}</h3>
  <p class="tags"><span>version ${version.version}</span> <span>${query.kind}</span>
    <span>${version.materialization === null ? 'inline' : 'materialized'}</span>
    ${!(endpoint.isActive && version.isActive) && html`<span class="bad">inactive</span>`}</p>
  ${description !== '' && html`<p>${description}</p>`}
  <form data-endpoint="${name}" aria-labelledby="title-${name}">
    <div class="fields">${fields.map((field, index) => fieldRow(field, `variable-${name}-${index}`))}</div>
    <button class="scripted primary" aria-label="Run ${name}">Run</button>
  </form>
  ${output()}
  <details><summary>Query</summary>${copyable(`the query of ${name}`, text)}</details>
  <details><summary>TypeScript</summary>${typescriptCall(endpoint, version, variables)}</details>
  <details><summary>curl</summary>${curlCall(endpoint, variables)}</details>
</article>`
}

function fieldRow(field: VariableField, id: string): Html {
  const { name, type, required, initial } = field
  const kind = type === 'list' ? 'list, one value per line' : type
  const use = required ? 'required' : initial === undefined ? 'optional' : 'default if empty'
  return html`<div class="field"><label for="${id}">${name}</label>
    ${input(field, id)}
    <small id="${id}-hint">${kind}, ${use}</small></div>`
}

function input({ name, type, required, initial, example }: VariableField, id: string): Html {
  const value = Array.isArray(initial) ? initial.join('\n') : String(initial ?? '')
  const common = html`id="${id}" data-variable="${name}" data-type="${type}" aria-describedby="${id}-hint"
      ${required && html`required`}`
  if (type === 'list') return html`<textarea ${common} rows="2">${value}</textarea>`
  if (type === 'boolean') {
    const option = (text: string): Html =>
      html`<option value="${text}" ${text === value && html`selected`}>${text}</option>`
    return html`<select ${common}>${['', 'true', 'false'].map(option)}</select>`
  }
  const inputType = type === 'number' ? html`type="number" step="any"` : html`type="${type}"`
  return html`<input ${common} ${inputType} value="${value}" placeholder="${example}">`
}
