import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath } from './chromium.ts'
import { type RunningServer, startServer, toJavaScript } from './programs.ts'
import { useProject } from './project.ts'

if (chromiumPath === undefined) {
  const reason = 'The test of the page of `typehog dev` needs Chromium: install the package chromium.'
  if (process.env['CI'] !== undefined) throw new Error(reason)
  console.warn(`Skipped. ${reason}`)
}

// Runs in the browser, so it is text: this program has no types of the DOM.
const selectedText = `
  const { value, selectionStart, selectionEnd } = document.activeElement
  value.slice(selectionStart, selectionEnd)`

const project = useProject()

describe.skipIf(chromiumPath === undefined)('the page of the packed `typehog dev`', () => {
  let server: RunningServer
  let browser: Browser
  beforeAll(async () => {
    const modules = join(project().folder, 'node_modules')
    await symlink(resolve('node_modules/chdb'), join(modules, 'chdb'))
    const cli = join(modules, 'typehog/dist/cli.js')
    const command = [
      process.execPath,
      cli,
      'dev',
      '--port',
      '0',
      '--events',
      '500',
      '--key',
      'phx_page',
    ] as const
    server = await startServer(command, project().folder, {})
    browser = await chromium.launch({ executablePath: chromiumPath ?? '' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
  })

  /** Uses the page. Fails for script errors, violations of its policy, and requests to other origins or with a key. */
  const withPage = async (use: (page: Page) => Promise<void>, options: object = {}): Promise<void> => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', ({ message }) => problems.push(message))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) problems.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(`${server.url}/`) || request.url().includes('phx_'))
        problems.push(request.url())
    })
    await page.goto(server.url)
    await use(page)
    await context.close()
    expect(problems).toEqual([])
  }

  const callFromOutside = (path: string): Promise<number> =>
    fetch(`${server.url}/api/projects/1/${path}`, { headers: { Authorization: 'Bearer phx_page' } }).then(
      async ({ status, body }) => {
        await body?.cancel()
        return status
      },
    )

  const sqlConsole = (page: Page): Locator => page.getByRole('region', { name: 'SQL console' })

  it('runs SQL with Ctrl+Enter and shows the rows', () =>
    withPage(async (page) => {
      const text = page.getByLabel('HogQL')
      await text.fill("select 'a' as letter, 9007199254740993 as big, null as nothing, [1, 2] as list")
      await text.press('Control+Enter')
      const table = sqlConsole(page).getByRole('region', { name: 'Result' })
      await expect
        .poll(() => table.locator('th').allTextContents())
        .toEqual(['letter', 'big', 'nothing', 'list'])
      expect(await table.locator('td').allTextContents()).toEqual(['a', '9007199254740993', 'null', '[1,2]'])
      expect(await sqlConsole(page).getByRole('status').textContent()).toMatch(/^1 row in \d+ ms\.$/)
    }))

  it('shows an error of SQL at its place', () =>
    withPage(async (page) => {
      const text = page.getByLabel('HogQL')
      await text.fill("select '🦔' as hog,\n  evnt\nfrom events")
      await page.getByRole('button', { name: 'Run query' }).click()
      await page.locator('mark').waitFor()
      expect(await page.locator('mark').textContent()).toBe('evnt')
      const status = await sqlConsole(page).getByRole('status').textContent()
      expect(status).toMatch(/^Line 2, column 3\. 400 invalid_input: .*evnt/)
      expect(await page.evaluate(selectedText)).toBe('evnt')
      expect(await text.getAttribute('aria-invalid')).toBe('true')
      await text.fill('select 1')
      await text.press('Control+Enter')
      await expect.poll(() => page.locator('mark').count()).toBe(0)
      expect(await text.getAttribute('aria-invalid')).toBe('false')
    }))

  it('runs an endpoint with variables, and shows the call that it sent', () =>
    withPage(async (page) => {
      const card = page.getByRole('article', { name: 'top-pages' })
      await card.getByLabel('country').fill("D'E")
      await card.getByLabel('since').fill('2020-01-01')
      const variables = `{"country":"D'E","since":"2020-01-01"}`
      expect(await card.locator('[data-slot]').allTextContents()).toEqual([variables, variables])
      const sent = page.waitForRequest((request) => request.url().endsWith('/endpoints/top-pages/run/'))
      await card.getByRole('button', { name: 'Run top-pages' }).click()
      expect((await sent).postDataJSON()).toEqual({ variables: JSON.parse(variables) })
      await card.getByText(/^0 rows in/).waitFor()
      await card.getByLabel('country').fill('DE')
      await card.getByRole('button', { name: 'Run top-pages' }).click()
      await card.getByText(/^[1-9]\d* rows? in/).waitFor()
      expect(await card.locator('th').allTextContents()).toEqual(['path', 'views', 'visitors'])
    }))

  it('requires variables before a run, and shows the executions of other programs that fail', () =>
    withPage(async (page) => {
      const card = page.getByRole('article', { name: 'plan-revenue' })
      await card.getByLabel('min_amount').fill('')
      await card.getByRole('button', { name: 'Run plan-revenue' }).click()
      expect(await card.locator('input:invalid').count()).toBe(1)
      expect(await card.getByRole('status').textContent()).toBe('')
      expect(await callFromOutside('endpoints/plan-revenue/run/')).toBe(400)
      await page
        .getByRole('region', { name: 'Executions' })
        .getByText("'min_amount' not provided")
        .first()
        .waitFor()
    }))

  it('copies a TypeScript call that runs as it is', () =>
    withPage(
      async (page) => {
        const card = page.getByRole('article', { name: 'plan-revenue' })
        await card.getByText('TypeScript', { exact: true }).click()
        await card.getByRole('button', { name: 'Copy the TypeScript call of plan-revenue' }).click()
        await expect.poll(() => page.locator('#announcer').textContent()).toBe('Copied')
        const copied = await page.evaluate('navigator.clipboard.readText()')
        const settings = await page.locator('#connect pre').first().textContent()
        const env = Object.fromEntries(
          [...(settings ?? '').matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
        )
        expect(env).toMatchObject({ POSTHOG_HOST: server.url, POSTHOG_PERSONAL_API_KEY: 'phx_page' })
        const printed = await project().node('copied.mjs', toJavaScript(String(copied)), env)
        expect(printed).toMatch(/plan: '\w+', purchases: \d+, revenue: \d+/)
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ))

  it('shows new requests and executions without a reload, and keeps open details', () =>
    withPage(async (page) => {
      await page.getByLabel('HogQL').fill('select 42 as kept')
      await page.getByRole('button', { name: 'Run query' }).click()
      const rows = page.locator('#request-rows tr')
      const finished = rows.filter({ has: page.locator('td.good') })
      const details = finished.filter({ hasText: 'select 42 as kept' }).locator('details')
      await details.getByText('characters').click()
      await details.getByText('select 42 as kept').waitFor()
      expect(await callFromOutside('cohorts/?search=live')).toBe(200)
      await rows.first().getByText('/api/projects/1/cohorts/?search=live').waitFor()
      expect(await details.getAttribute('open')).toBe('')
      expect(await page.getByLabel('HogQL').inputValue()).toBe('select 42 as kept')
      await page.getByRole('button', { name: 'Pause updates' }).click()
      expect(await page.locator('#live').textContent()).toBe('Paused')
      await page.getByRole('button', { name: 'Resume updates' }).click()
      expect(await page.locator('#live').textContent()).toBe('Live')
    }))

  it('is readable without JavaScript', () =>
    withPage(
      async (page) => {
        expect(await page.locator('noscript .notice').isVisible()).toBe(true)
        expect(await page.getByRole('article').allTextContents()).toEqual([
          expect.stringContaining('top-pages'),
          expect.stringContaining('plan-revenue'),
        ])
        expect(await page.locator('#request-rows tr').count()).toBeGreaterThan(3)
        expect(await page.locator('#execution-rows tr').count()).toBeGreaterThan(0)
        expect(await page.getByRole('button').count()).toBe(0)
      },
      { javaScriptEnabled: false },
    ))

  it('names all controls, and starts with a link to its content', () =>
    withPage(async (page) => {
      const tree = await page.locator('body').ariaSnapshot()
      expect(tree).toContain('- textbox "HogQL"')
      expect(tree.match(/- (?:button|textbox|spinbutton|combobox|region|navigation)(?! ").*/g)).toBeNull()
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('main')
    }))
})
