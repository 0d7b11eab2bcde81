import { type Html, html } from './html.ts'

/** The place of a result: a summary that screen readers announce, and the rows. The script of the page fills it. */
export function output(): Html {
  return html`<div class="output scripted" data-output><p role="status" data-summary></p><div data-result></div></div>`
}
