import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'
import { hogql, NOW } from './harness.ts'

const HOSTILE = `<img src=x onerror="alert(1)"> & 'quotes'`
const ESCAPED = '&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;quotes&#39;'

let local: LocalPostHog
let url: string
beforeAll(async () => {
  local = await startLocalPostHog({ events: 100, now: () => new Date(NOW) })
  ;({ url } = await local.listen({ page: true }))
  await post('insight_variables/', { name: 'country', type: 'String', default_value: HOSTILE })
  await post('insight_variables/', { name: 'since', type: 'Date' })
  await post('endpoints/', {
    name: 'by-country',
    description: HOSTILE,
    query: hogql(
      `select count() as n, '${'<b>'}' as tag from events
where properties.country = {variables.country} and timestamp >= {variables.since}`,
    ),
  })
})
afterAll(() => local.close())

async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/projects/1/${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${local.personalApiKey}` },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Record<string, unknown>
}

function getPage(headers: Readonly<Record<string, string>> = {}, at = '/'): Promise<Response> {
  return fetch(url + at, { headers: { Accept: 'text/html,*/*;q=0.8', ...headers } })
}

describe('the page of a local PostHog', () => {
  it('lists the settings, the keys and the call of each endpoint without JavaScript', async () => {
    const text = await (await getPage()).text()
    expect(text).toContain(`export POSTHOG_HOST=${url}\nexport POSTHOG_PROJECT_ID=1\n`)
    expect(text).toContain(`export POSTHOG_PERSONAL_API_KEY=${local.personalApiKey}<`)
    expect(text).toContain(local.projectSecretKey)
    expect(text).toContain('await posthog.endpoints.run(endpoint, <span data-slot>{')
    expect(text).toContain('/endpoints/by-country/run/" \\\n')
    expect(text).toMatch(/<noscript>/)
  })

  it('has a field for each variable, with its type, its requirement and its default', async () => {
    const text = await (await getPage()).text()
    const fields = [
      ...text.matchAll(
        /data-variable="(\w+)" data-type="(\w+)"[^>]*?(required)?\s+type="\w+"\s+value="([^"]*)"/g,
      ),
    ]
    expect(fields.map(([, ...values]) => values)).toEqual([
      ['country', 'text', undefined, ESCAPED],
      ['since', 'date', 'required', '2026-10-21'],
    ])
  })

  it('shows requests and executions, newest first, with escaped paths, bodies and messages', async () => {
    await fetch(`${url}/api/projects/1/cohorts/?search=${encodeURIComponent("<i>'")}`)
    await post('query/', { query: hogql('select 1'), name: HOSTILE })
    await post('endpoints/by-country/run/', { variables: { country: HOSTILE, since: '2026-01-01' } })
    await post('endpoints/by-country/run/', { variables: { [HOSTILE]: 1 } })
    const text = await (await getPage()).text()
    const rows = [
      ...text.matchAll(/<tr id="request-(\d+)">.*?<td class="path">(.*?)<\/td><td class="(\w+)">(\d+)/gs),
    ]
    expect(rows.slice(0, 4).map(([, , path, tone, status]) => [path, tone, status])).toEqual([
      ['/api/projects/1/endpoints/by-country/run/', 'bad', '400'],
      ['/api/projects/1/endpoints/by-country/run/', 'good', '200'],
      ['/api/projects/1/query/', 'good', '200'],
      ['/api/projects/1/cohorts/?search=%3Ci%3E%27', 'bad', '401'],
    ])
    expect(rows.map(([, number]) => Number(number))).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(text).toContain('<time datetime="2026-11-20T10:00:00.000Z"')
    expect(text).toContain('<td class="bad">ERROR</td><td>Endpoint execution failed')
    expect(text).toContain('<td class="good">INFO</td><td>Endpoint executed')
    expect(text).toContain(ESCAPED)
    expect(text).not.toContain('<img')
  })

  it('allows only its own files, no inline code and no frames', async () => {
    const response = await getPage()
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("form-action 'none'; frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    const text = await response.text()
    expect(text).not.toMatch(
      /\son\w+="|<style|style="|<script(?! src="\/_typehog\/page\.js" type="module"><\/script>)/,
    )
    const links = [...text.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, link]) => link)
    expect(links.filter((link) => !/^(?:#|\/_typehog\/)/.test(link ?? ''))).toEqual([])
    expect(links.join()).not.toContain('phx_')
  })

  it('serves each file that the page and its script name', async () => {
    const files = new Set(['page.js', 'page.css', 'page.svg'])
    for (const file of files) {
      const response = await getPage({}, `/_typehog/${file}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
      const text = await response.text()
      for (const [, name = ''] of text.matchAll(/from '\.\/([\w-]+\.js)'/g)) files.add(name)
    }
    expect([...files].sort()).toEqual([
      'page-calls.js',
      'page-elements.js',
      'page-results.js',
      'page-updates.js',
      'page.css',
      'page.js',
      'page.svg',
    ])
    expect((await getPage({}, '/_typehog/serve-page.ts')).headers.get('content-security-policy')).toBeNull()
  })

  it('responds 304 until something changes', async () => {
    const tag = (await getPage()).headers.get('etag') ?? ''
    expect((await getPage({ 'If-None-Match': tag })).status).toBe(304)
    await post('query/', { query: hogql('select 2') })
    expect((await getPage({ 'If-None-Match': tag })).status).toBe(200)
  })

  it('is not in the request log, and no fault applies to it', async () => {
    const before = local.requests.length
    local.faults.add({ status: 500, times: 1 })
    expect((await getPage()).status).toBe(200)
    expect(local.requests).toHaveLength(before)
    local.faults.clear()
  })

  it('is for requests that accept HTML; others get the page that PostHog serves on every path', async () => {
    for (const response of [
      await fetch(url),
      await getPage({}, '/project/1'),
      await getPage({ Accept: 'application/json' }),
    ]) {
      expect(await response.text()).toContain('Its API is under /api/')
    }
    expect((await fetch(url, { method: 'POST', headers: { Accept: 'text/html' } })).status).toBe(200)
  })

  it('is refused to foreign origins', async () => {
    expect((await getPage({ Origin: 'https://evil.example' })).status).toBe(403)
    expect((await getPage({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  })

  it('is off by default, and refused on hosts that are not loopback addresses', async () => {
    const plain = await local.listen()
    const response = await fetch(plain.url, { headers: { Accept: 'text/html' } })
    expect(await response.text()).not.toContain(local.personalApiKey)
    await expect(local.listen({ page: true, host: '0.0.0.0' })).rejects.toThrow('Expected a loopback host')
  })
})
