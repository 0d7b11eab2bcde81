import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)

describe('the quick start', () => {
  let output = ''

  beforeAll(async () => {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('POSTHOG_')),
    )
    const main = ['scripts/quickstart/main.ts']
    const { stdout } = await run('node_modules/.bin/tsx', main, { env, maxBuffer: 10_000_000 })
    output = stdout
  })

  it('prints typed rows of the inline and of the materialized endpoint', () => {
    expect(output).toMatch(/top-pages, version 1, served by the query:[\s\S]*│ 0 +│ '\/\S*' +│ \d+ +│ \d+ +│/)
    expect(output).toMatch(
      /plan-revenue, version 1, served by its table:[\s\S]*│ 0 +│ '\w+' +│ \d+ +│ [\d.]+ +│/,
    )
  })

  it('shows the compiler errors of a wrong variable, a missing variable, a wrong endpoint and a wrong column', () => {
    expect(output).toContain("'planet' does not exist")
    expect(output).toContain("'min_amount' is missing")
    expect(output).toContain("'planRevenu' does not exist")
    expect(output).toContain("'profit' does not exist")
  })

  it('shows the error of a wrong variable at run time, with its fix', () => {
    expect(output).toMatch(/At run time: BadRequestError: .*planet[\s\S]*Fix: .*typehog endpoints pull/)
  })

  it('pins the versions in the lock file', async () => {
    const lock: unknown = JSON.parse(await readFile('.tmp/quickstart/posthog.endpoints.lock.json', 'utf8'))
    expect(lock).toMatchObject({ endpoints: { 'top-pages': { version: 1 }, 'plan-revenue': { version: 1 } } })
  })
})
