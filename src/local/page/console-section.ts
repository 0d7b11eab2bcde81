import { type Html, html } from './html.ts'
import { output } from './output.ts'

const SAMPLE = `select event, count() as events, uniq(person_id) as persons
from events
where timestamp > now() - interval 30 day
group by event
order by events desc`

/** The form that runs HogQL. */
export function consoleSection(): Html {
  return html`
<section id="sql" aria-labelledby="sql-title">
  <h2 id="sql-title">SQL console</h2>
  <form data-sql aria-labelledby="sql-title">
    <label for="sql-text">HogQL</label>
    <textarea id="sql-text" rows="6" spellcheck="false" autocapitalize="off" autocomplete="off"
      aria-describedby="sql-hint">${SAMPLE}</textarea>
    <p id="sql-hint" class="hint">Ctrl+Enter or ⌘+Enter runs it. Without LIMIT, PostHog returns 100 rows.</p>
    <button class="scripted primary">Run query</button>
  </form>
  ${output()}
</section>`
}
