import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readSteps } from '../../scripts/walk/read-steps.ts'
import { serveRegistry } from '../../scripts/walk/registry.ts'
import { walkPage } from '../../scripts/walk/walk-page.ts'
import { walks } from '../../scripts/walk/walks.ts'
import { startLocalPostHog } from '../../src/testing.ts'
import { readPacked } from '../package/build.ts'

const named = walks().map((walk) => [walk.name, walk] as const)
/** Walks that install no package besides Typehog. `npm run walk` follows all of them. */
const alone = named.filter(([name]) => ['Bun', 'Node.js in CommonJS'].includes(name))

describe('the get-started pages', () => {
  it.each(named)('%s: names the file of each program and runs one', async (_, { page, sections }) => {
    const steps = readSteps(await readFile(page, 'utf8'), sections)
    expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['write', 'run']))
    expect(steps.at(-1)).toMatchObject({ kind: 'run', keepsRunning: false })
  })

  it.each(alone)('%s: prints rows when followed word by word in an empty folder', async (_, walk) => {
    const { tarball } = await readPacked()
    await using registry = await serveRegistry(tarball)
    await using local = await startLocalPostHog({ events: 500 })
    const { url } = await local.listen()
    const account = { url, apiKey: local.personalApiKey, projectId: String(local.projectId) }
    let output = ''
    const onOutput = (text: string): void => {
      output += text
    }
    const ms = await walkPage(walk, { account, registry: registry.url, onOutput })
    expect(ms, output).toBeGreaterThan(0)
  })
})
