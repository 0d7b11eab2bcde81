import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly Step[]
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

const folder = '.github/workflows'

describe.each(readdirSync(folder))('the workflow %s', (file) => {
  const text = readFileSync(`${folder}/${file}`, 'utf8')
  // GitHub's own format.
  const { permissions, jobs } = parse(text) as Workflow
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? [])

  it('pins each action by hash, with its version in a comment', () => {
    const uses = [...text.matchAll(/uses: (?!\.\/)(.+)/g)].map(([, action]) => action)
    expect(uses.length).toBeGreaterThan(0)
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('leaves no token in the checkout and restores no cache', () => {
    const using = (action: string): Step[] => steps.filter(({ uses }) => uses?.startsWith(`${action}@`))
    expect(using('actions/checkout').map((step) => step.with?.['persist-credentials'])).toEqual([false])
    expect(using('actions/setup-node').map((step) => step.with?.['package-manager-cache'])).toEqual([false])
    expect(using('actions/cache')).toEqual([])
  })

  it('grants no permission but reading, and the identity token to the job that publishes', () => {
    const granted = [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})].flatMap(
      (scopes) => Object.entries(scopes).map(([scope, level]) => `${scope}: ${level}`),
    )
    const allowed = file === 'release.yml' ? ['contents: read', 'id-token: write'] : ['contents: read']
    expect([...new Set(granted)].sort()).toEqual(allowed)
  })
})

describe('the matrix of CI', () => {
  it('starts at the Node version that package.json requires', () => {
    const { jobs } = parse(readFileSync(`${folder}/ci.yml`, 'utf8'))
    expect(jobs.test.strategy.matrix.node).toEqual([20, 22, 24])
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(engines.node).toMatch(/^>=20\./)
  })
})

describe('the issue forms', () => {
  it.each(readdirSync('.github/ISSUE_TEMPLATE'))('%s parses', (file) => {
    const form = parse(readFileSync(`.github/ISSUE_TEMPLATE/${file}`, 'utf8'))
    expect(Object.keys(form)).toEqual(
      file === 'config.yml'
        ? ['blank_issues_enabled', 'contact_links']
        : ['name', 'description', 'labels', 'body'],
    )
  })
})
