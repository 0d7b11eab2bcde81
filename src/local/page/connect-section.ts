import { copyable } from './copyable.ts'
import { type Html, html } from './html.ts'
import type { PageSource } from './page-source.ts'

/** The settings with which a program reaches this server. */
export function connectSection(
  { state, personalApiKey, projectSecretKey }: PageSource,
  origin: string,
): Html {
  const settings = [
    `export POSTHOG_HOST=${origin}`,
    `export POSTHOG_PROJECT_ID=${state.projectId}`,
    `export POSTHOG_PERSONAL_API_KEY=${personalApiKey}`,
  ]
  const program = [
    "import { createClient, hogql } from 'typehog'",
    '',
    'const posthog = createClient()',
    'const { rows } = await posthog.hogql`select event, count() as events from events group by event`',
  ]
  return html`
<section id="connect" aria-labelledby="connect-title">
  <h2 id="connect-title">Connect</h2>
  <p>Run these lines in the terminal of your program. <code>createClient()</code> reads them.</p>
  ${copyable('the settings', settings.join('\n'))}
  ${copyable('a program', program.join('\n'))}
  <p class="hint">The personal API key has all scopes. This key can only run endpoints:
    <code class="secret">${projectSecretKey}</code>. Both belong to this server only.</p>
</section>`
}
