import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

// Usage: tsx scripts/lock-platforms.ts [package-lock.json], after `npm install`.
// Native packages come as one optional package per platform. If a registry mirror has only the packages of this
// platform, npm omits the others from the lock file, and `npm ci` then fails on every platform. This script adds them
// and requests each missing integrity hash from the registry. Versions come from the packages that depend on them,
// platforms from their names. The lock file has no download URLs, so that it works with any registry.

interface LockedPackage {
  version?: string
  integrity?: string
  link?: boolean
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const file = process.argv[2] ?? 'package-lock.json'
const run = promisify(execFile)
const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]
/** Processors whose spelling in package names differs from Node's. */
const spellings: Readonly<Record<string, string>> = {
  armhf: 'arm',
  gnueabihf: 'arm',
  musleabihf: 'arm',
  wasm32: 'wasm32',
}

// npm's own format.
const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, LockedPackage> }
const known = Object.keys(lock.packages)
const added = known.reduce((sum, parent) => sum + addPlatforms(parent), 0)
const unknown = await addIntegrity()
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
)
await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`Added ${added} platform packages to the ${known.length} packages in ${file}.`)
if (unknown.length > 0) console.warn(`The registry has no integrity hash for: ${unknown.join(', ')}.`)

/** Adds the optional packages of `parent` that npm omitted. */
function addPlatforms(parent: string): number {
  const { optionalDependencies = {} } = lock.packages[parent] ?? {}
  const folder = installFolder(parent, optionalDependencies)
  let count = 0
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `${folder}/${name}`
    if (lock.packages[path] !== undefined || !/^\d/.test(version)) continue
    const words = (name.split('/').at(-1) ?? '').split('-').map((word) => spellings[word] ?? word)
    const os = systems.filter((system) => words.includes(system))
    const cpu = processors.filter((processor) => words.includes(processor))
    if (os.length + cpu.length === 0) continue
    const libc = !os.includes('linux') ? [] : /musl/.test(name) ? ['musl'] : /gnu/.test(name) ? ['glibc'] : []
    lock.packages[path] = {
      version,
      ...(cpu.length > 0 ? { cpu } : {}),
      dev: true,
      ...(libc.length > 0 ? { libc } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    }
    count += 1
  }
  return count
}

/** Adds the integrity hashes from the registry. Returns the packages without one. */
async function addIntegrity(): Promise<string[]> {
  const missing: string[] = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    const { version, integrity, link } = entry
    if (path === '' || version === undefined || integrity !== undefined || link === true) continue
    const spec = `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`
    const hash = await fetchIntegrity(spec)
    if (hash === undefined) missing.push(spec)
    else lock.packages[path] = { version, integrity: hash, ...entry }
  }
  return missing
}

async function fetchIntegrity(spec: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('npm', ['view', spec, 'dist.integrity', '--json'])
    const hash: unknown = JSON.parse(stdout)
    return typeof hash === 'string' ? hash : undefined
  } catch {
    return undefined
  }
}

/** Returns the folder of this platform's package. The packages of other platforms belong there too. */
function installFolder(parent: string, siblings: Readonly<Record<string, string>>): string {
  for (let at = parent; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const folder = at === '' ? 'node_modules' : `${at}/node_modules`
    const found = Object.entries(siblings).some(
      ([name, version]) => lock.packages[`${folder}/${name}`]?.version === version,
    )
    if (found || at === '') return folder
  }
}
