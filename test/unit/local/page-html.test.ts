import { describe, expect, it } from 'vitest'
import { html } from '../../../src/local/page/html.ts'

describe('the HTML template', () => {
  it('escapes values in text and in quoted attributes', () => {
    const hostile = `</td><script>alert("1" + '2')</script>&amp;`
    expect(html`<td title="${hostile}">${hostile}</td>`.text).toBe(
      '<td title="&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt;&amp;amp;">' +
        '&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt;&amp;amp;</td>',
    )
  })

  it('escapes nested templates once', () => {
    expect(html`<ul>${['<', '&'].map((item) => html`<li>${item}</li>`)}</ul>`.text).toBe(
      '<ul><li>&lt;</li><li>&amp;</li></ul>',
    )
  })

  it('escapes objects that only look like HTML', () => {
    const fake = JSON.parse('{"text":"<script>"}')
    expect(html`<p>${[JSON.stringify(fake)]}</p>`.text).toBe(
      '<p>{&quot;text&quot;:&quot;&lt;script&gt;&quot;}</p>',
    )
    expect(() => html`<p>${fake}</p>`).toThrow(TypeError)
  })

  it('keeps 0 and the empty string, and omits undefined and false', () => {
    expect(html`${0}|${''}|${undefined}|${false}|${[]}`.text).toBe('0||||')
  })
})
