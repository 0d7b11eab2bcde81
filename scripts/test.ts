import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'

// Everything that has to hold, in one run: the checks, then the tests against sources and the built package. Closes with
// a line that counts both. Arguments go to vitest: `npm test -- --project unit`.

const checks: Readonly<Record<string, readonly string[]>> = {
  lint: ['biome', 'check'],
  'import rules': ['depcruise', '--config', '.dependency-cruiser.mjs', 'src', 'scripts'],
  'types of the generated layer': ['tsc', '-b', 'tsconfig.generated.json'],
  types: ['tsc', '-p', 'tsconfig.json'],
  'generated code is up to date': ['tsx', 'scripts/generate.ts', '--check'],
  build: ['tsup', '--silent'],
}

/** The counts that vitest's JSON report closes with. */
interface TestCounts {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
}

const reportFile = '.tmp/vitest.json'
const filters = process.argv.slice(2)
let passed = 0
let failed = 0

for (const [name, command] of filters.length === 0 ? Object.entries(checks) : []) {
  const started = performance.now()
  const ok = (await run(command)) === 0
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
}

await mkdir('.tmp', { recursive: true })
await rm(reportFile, { force: true })
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
const status = await run(['vitest', 'run', ...reporters, ...filters])
const counts = await readCounts()
passed += counts.numPassedTests
failed += counts.numFailedTests
// A file that cannot be loaded, or an unhandled rejection, fails the run without failing a test.
if (status !== 0 && counts.numFailedTests === 0) failed += 1
const skipped = counts.numPendingTests > 0 ? `, ${counts.numPendingTests} skipped` : ''
console.log(`\n${passed} passed, ${failed} failed${skipped}`)
process.exitCode = failed === 0 ? 0 : 1

function run([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(`node_modules/.bin/${program}`, args, { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

async function readCounts(): Promise<TestCounts> {
  try {
    // The reporter's own format.
    return JSON.parse(await readFile(reportFile, 'utf8')) as TestCounts
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  }
}
