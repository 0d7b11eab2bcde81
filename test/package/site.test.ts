import { execFile } from 'node:child_process'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath } from './chromium.ts'

if (chromiumPath === undefined) {
  const reason = 'The test of the documentation site needs Chromium: install the package chromium.'
  if (process.env['CI'] !== undefined) throw new Error(reason)
  console.warn(`Skipped. ${reason}`)
}

const folder = 'docs/.vitepress/dist'
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
}

/** Serves the built site as a host of static files does. */
function serveSite(): Server {
  return createServer(({ url = '/' }, response) => {
    const path = join(folder, decodeURIComponent(new URL(url, 'http://localhost').pathname))
    const file = [path, `${path}.html`, join(path, 'index.html')].find(
      (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
    )
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': types[extname(file ?? '')] ?? 'application/octet-stream',
    })
    if (file === undefined) response.end()
    else createReadStream(file).pipe(response)
  })
}

describe.skipIf(chromiumPath === undefined)('the documentation site', () => {
  let server: Server
  let origin: string
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    const build = ['scripts/docs.ts', '--build']
    await promisify(execFile)('node_modules/.bin/tsx', build, { maxBuffer: 16 * 1024 * 1024 })
    server = serveSite()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await chromium.launch({ executablePath: chromiumPath ?? '' })
    page = await browser.newPage()
    page.on('pageerror', ({ message }) => problems.push(message))
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) problems.push(url)
    })
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`)
    })
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  it('finds a page by its content, without another host', async () => {
    await page.goto(origin)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator('#localsearch-input').fill('WrongRegionError')
    await page.locator('.result').first().waitFor()
    const results = await page.locator('.result').allInnerTexts()
    expect(results.join('\n')).toContain('WrongRegionError')
    await page.locator('.result', { hasText: 'Errors' }).first().click()
    await page.waitForURL(/errors/)
    // The address changes before the content.
    const title = page.locator('h1', { hasText: 'Errors' })
    await title.waitFor()
    expect(await title.textContent()).toContain('Errors')
    expect(problems).toEqual([])
  })

  it('leads to existing pages and headings with every link', async () => {
    const ids = new Map<string, ReadonlySet<string>>()
    const links: { from: string; to: string }[] = []
    const queue = [`${origin}/`]
    for (const url of queue) {
      const response = await page.request.get(url)
      const text = await response.text()
      ids.set(url, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => decodeText(id))))
      expect(response.status(), url).toBe(200)
      for (const [, href = ''] of text.matchAll(/<a [^>]*href="([^"]+)"/g)) {
        const to = new URL(decodeText(href), url)
        if (to.origin !== origin) continue
        links.push({ from: url, to: to.href })
        to.hash = ''
        if (!queue.includes(to.href)) queue.push(to.href)
      }
    }
    const broken = links.filter(({ to }) => {
      const { hash } = new URL(to)
      return hash !== '' && !ids.get(to.replace(hash, ''))?.has(decodeURIComponent(hash.slice(1)))
    })
    expect([...new Set(broken.map(({ from, to }) => `${from} -> ${to}`))]).toEqual([])
    expect(queue.length).toBeGreaterThan(300)
  })
})

const decodeText = (text: string): string => text.replaceAll('&amp;', '&')
