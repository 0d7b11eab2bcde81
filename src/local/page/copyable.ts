import { type Html, type HtmlValue, html } from './html.ts'

/**
 * A block of code with a button that copies it.
 *
 * @param name What the button copies, for screen readers.
 */
export function copyable(name: string, code: HtmlValue): Html {
  return html`<div class="copyable"><pre tabindex="0"><code>${code}</code></pre><button type="button"
    data-copy class="scripted" aria-label="Copy ${name}">Copy</button></div>`
}
