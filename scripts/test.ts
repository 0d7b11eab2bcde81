import { execFile, spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { setup as installRuntimes } from '../test/runtimes/install.ts'

// Usage:
//   npm test                        all checks, then all tests
//   npm test -- --project unit      tests only; arguments go to Vitest
//   npm run test:fast               lint, types and the unit tests that uncommitted changes affect
//   npm run test:fast -- main       the same for all changes since `main`
// The last line counts checks and tests. Every check and every test runs, also after a failure.

interface Check {
  readonly name: string
  /** Runs the check. Returns whether it passed and what it printed. */
  readonly run: () => Promise<{ readonly ok: boolean; readonly output: string }>
}

/** The counts of Vitest's JSON report. */
interface TestCounts {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
}

const reportFile = '.tmp/vitest.json'

const lint = program('lint', 'biome', 'check')
const importRules = program(
  'import rules',
  ...['depcruise', '--config', '.dependency-cruiser.mjs', 'src', 'scripts'],
)
const generatedTypes = program('types of the generated layer', 'tsc', '-b', 'tsconfig.generated.json')
const types = program('types', 'tsc', '-p', 'tsconfig.json')
const pageTypes = program('types of the page', 'tsc', '-p', 'tsconfig.page.json')
const generatedCode = program('generated code is up to date', 'tsx', 'scripts/generate.ts', '--check')
const build = program('build', 'tsup', '--silent')
const runtimes: Check = {
  name: 'runtimes are installed',
  run: () =>
    installRuntimes().then(
      () => ({ ok: true, output: '' }),
      (error: unknown) => ({ ok: false, output: String(error) }),
    ),
}

let passed = 0
let failed = 0
let skipped = 0

const [mode, ...rest] = process.argv.slice(2)
if (mode === '--fast') {
  const changes = rest[0] === undefined ? '--changed' : `--changed=${rest[0]}`
  await Promise.all([
    runChecks([lint, generatedTypes, types, pageTypes]),
    runTests(['--project', 'unit', '--passWithNoTests', changes]),
  ])
} else if (mode === undefined) {
  // Two sequences for two cores. The installation mainly waits for the network.
  await Promise.all([
    runChecks([lint, importRules, generatedTypes, types, pageTypes]),
    runChecks([build, generatedCode]),
    runChecks([runtimes]),
  ])
  await runTests([])
} else await runTests([mode, ...rest])

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 ? 0 : 1

/** Runs checks one after another and prints the output of each when it ends. */
async function runChecks(checks: readonly Check[]): Promise<void> {
  for (const { name, run } of checks) {
    const started = performance.now()
    const { ok, output } = await run()
    if (ok) passed += 1
    else failed += 1
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    console.log(`${ok ? '' : output}${ok ? '✓' : '✗'} ${name} (${seconds} s)`)
  }
}

async function runTests(args: readonly string[]): Promise<void> {
  await mkdir('.tmp', { recursive: true })
  await rm(reportFile, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const status = await new Promise<number>((resolve, reject) => {
    const command = ['run', ...reporters, ...args]
    const child = spawn('node_modules/.bin/vitest', command, { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
  const counts = await readCounts()
  passed += counts.numPassedTests
  failed += counts.numFailedTests
  skipped += counts.numPendingTests
  // A file that fails to load and an unhandled rejection fail the run without a failed test.
  if (status !== 0 && counts.numFailedTests === 0) failed += 1
}

async function readCounts(): Promise<TestCounts> {
  try {
    // Vitest's own format.
    return JSON.parse(await readFile(reportFile, 'utf8')) as TestCounts
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  }
}

/** A check that passes when a program of the dependencies exits with 0. */
function program(name: string, binary: string, ...args: readonly string[]): Check {
  return {
    name,
    run: () =>
      new Promise((resolve) => {
        const options = { maxBuffer: 64 * 1024 * 1024 }
        execFile(`node_modules/.bin/${binary}`, args, options, (error, stdout, stderr) => {
          resolve({ ok: error === null, output: `${stdout}${stderr}` })
        })
      }),
  }
}
