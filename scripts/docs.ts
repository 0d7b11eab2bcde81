import { spawn } from 'node:child_process'
import { installLocked } from './npm-ci.ts'

// Usage: npm run docs               serves the documentation site and reloads changed pages
//        npm run docs -- --build    writes it to docs/.vitepress/dist
// The generator has a lock file of its own, so that the package installs without it.

await installLocked('docs')
const command = process.argv.includes('--build') ? 'build' : 'dev'
const child = spawn('docs/node_modules/.bin/vitepress', [command, 'docs'], { stdio: 'inherit' })
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
