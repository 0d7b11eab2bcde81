import { execFile, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { promisify } from 'node:util'

// Usage: npm run docs               serves the documentation site and reloads changed pages
//        npm run docs -- --build    writes it to docs/.vitepress/dist
// The generator has a lock file of its own, so that the package installs without it.

await installSite()
const command = process.argv.includes('--build') ? 'build' : 'dev'
const child = spawn('docs/node_modules/.bin/vitepress', [command, 'docs'], { stdio: 'inherit' })
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})

/** Installs the generator, unless its lock file is installed already. */
async function installSite(): Promise<void> {
  const installed = 'docs/node_modules/.package-lock.json'
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync('docs/package-lock.json').mtimeMs
  if (isCurrent) return
  const options = ['--prefix', 'docs', '--no-audit', '--no-fund', '--ignore-scripts']
  await promisify(execFile)('npm', ['ci', ...options])
}
