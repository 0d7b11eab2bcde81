import { readFile, writeFile } from 'node:fs/promises'

// Usage: tsx scripts/lock-platforms.ts, after `npm install`.
// Native packages come as one optional package per platform. A registry mirror that holds this platform's packages only
// leaves the others out of package-lock.json, and `npm ci` then refuses it everywhere. This adds them: their versions
// stand in the packages that want them, their platforms in their names.

interface LockedPackage {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const file = 'package-lock.json'
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
/** Spellings in package names that Node spells otherwise. */
const spellings: Readonly<Record<string, string>> = {
  armhf: 'arm',
  gnueabihf: 'arm',
  musleabihf: 'arm',
  wasm32: 'wasm32',
}

// npm's own format.
const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, LockedPackage> }
const known = Object.keys(lock.packages)
let added = 0
for (const parent of known) {
  const { optionalDependencies = {} } = lock.packages[parent] ?? {}
  const folder = folderOf(parent, optionalDependencies)
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `${folder}/${name}`
    if (lock.packages[place] !== undefined || !/^\d/.test(version)) continue
    const words = (name.split('/').at(-1) ?? '').split('-').map((word) => spellings[word] ?? word)
    const os = systems.filter((system) => words.includes(system))
    const cpu = processors.filter((processor) => words.includes(processor))
    if (os.length + cpu.length === 0) continue
    const libc = /musl/.test(name) ? ['musl'] : /gnu/.test(name) ? ['glibc'] : []
    lock.packages[place] = {
      version,
      dev: true,
      optional: true,
      ...(os.length > 0 ? { os } : {}),
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(libc.length > 0 ? { libc } : {}),
    }
    added += 1
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
)
await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} platform packages added to the ${known.length} in ${file}.`)

/** Where the package of this platform stands, and so the others have to. */
function folderOf(parent: string, siblings: Readonly<Record<string, string>>): string {
  for (let at = parent; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const folder = at === '' ? 'node_modules' : `${at}/node_modules`
    const here = Object.entries(siblings).some(
      ([name, version]) => lock.packages[`${folder}/${name}`]?.version === version,
    )
    if (here || at === '') return folder
  }
}
