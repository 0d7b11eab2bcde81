import type { EndpointRecord, VersionRecord } from '../resources/endpoints/endpoint-store.ts'
import { copyable } from './copyable.ts'
import { type Html, html } from './html.ts'

/** The place of the variables in a call. The script of the page replaces its text when a field changes. */
function slot(value: unknown): Html {
  return html`<span data-slot>${JSON.stringify(value)}</span>`
}

/** The run of an endpoint with Typehog. It needs no generated module. */
export function typescriptCall(
  { name }: EndpointRecord,
  { version, query, materialization, columns }: VersionRecord,
  variables: unknown,
): Html {
  const descriptor = { name, version, kind: query.kind, materialized: materialization !== null, columns }
  const members = Object.entries(descriptor).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},\n`)
  return copyable(
    `the TypeScript call of ${name}`,
    html`import { createClient } from 'typehog'

const posthog = createClient()
// \`npx typehog endpoints pull\` writes this descriptor, with types of variables and rows.
const endpoint = {
${members}}
const { rows } = await posthog.endpoints.run(endpoint, ${slot(variables)})
console.log(rows)`,
  )
}

/** The run of an endpoint with curl, for a POSIX shell with the settings of the page. */
export function curlCall({ name }: EndpointRecord, variables: unknown): Html {
  return copyable(
    `the curl command of ${name}`,
    html`curl -X POST "$POSTHOG_HOST/api/projects/$POSTHOG_PROJECT_ID/endpoints/${name}/run/" \\
  -H "Authorization: Bearer $POSTHOG_PERSONAL_API_KEY" \\
  -H 'Content-Type: application/json' \\
  --data-binary @- <<'JSON'
{"variables":${slot(variables)}}
JSON`,
  )
}
