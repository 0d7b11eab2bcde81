import { startLocalPostHog } from '../../src/testing.ts'
import { setup as pack, readPacked } from '../../test/package/build.ts'
import { setup as installRuntimes } from '../../test/runtimes/install.ts'
import { configuredRegistry, serveRegistry } from './registry.ts'
import { walkPage } from './walk-page.ts'
import { walks } from './walks.ts'

// Usage: npm run walk               follows README and "get started" word by word, and prints the time to the first row
//        npm run walk -- deno bun   only walks with one of these words in their name
// Each walk has an empty folder and empty caches. The account is a local PostHog; packages come from the npm registry.

/** Maximum seconds to the first row. */
const maxSeconds = 120

await Promise.all([pack(), installRuntimes()])
const words = process.argv.slice(2).map((word) => word.toLowerCase())
const chosen = walks().filter(({ name }) => {
  return words.length === 0 || words.some((word) => name.toLowerCase().includes(word))
})
const { tarball } = await readPacked()
await using registry = await serveRegistry(tarball, await configuredRegistry())
await using local = await startLocalPostHog()
const { url } = await local.listen()
const account = { url, apiKey: local.personalApiKey, projectId: String(local.projectId) }
const results: { walk: string; seconds?: number; problem?: string }[] = []
for (const walk of chosen) {
  console.log(`\n== ${walk.name}: ${walk.page}`)
  try {
    const onOutput = (text: string): boolean => process.stdout.write(text)
    const ms = await walkPage(walk, { account, registry: registry.url, onOutput })
    results.push({ walk: walk.name, seconds: Math.round(ms / 100) / 10 })
  } catch (error) {
    results.push({ walk: walk.name, problem: error instanceof Error ? error.message : String(error) })
  }
}
console.log('\nSeconds from an empty folder to the first row, with all installs:')
for (const { walk, seconds, problem } of results) console.log(`${walk.padEnd(28)} ${seconds ?? problem}`)
const isSlow = results.some(({ seconds = Number.POSITIVE_INFINITY }) => seconds > maxSeconds)
process.exitCode = isSlow ? 1 : 0
