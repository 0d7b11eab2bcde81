import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installLocked } from '../../scripts/npm-ci.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Installs the runtimes and compilers of the lock file, once. Vitest calls it before the first file starts. */
export async function setup(): Promise<void> {
  await installLocked(folder.replace(/[\\/]$/, ''))
}

/** Returns the path of a file of an installed package. */
export function installedFile(file: string): string {
  const path = `${folder}node_modules/${file}`
  if (existsSync(path)) return path
  throw new Error(`test/runtimes/package.json has no ${file} for ${process.platform} on ${process.arch}.`)
}

const { platform, arch } = process
const libc = platform === 'linux' ? '-glibc' : ''

type Runtime = 'Node 20' | 'Node 22' | 'Node 24' | 'Bun' | 'Deno' | 'workerd'

/** Returns the executable of each runtime on this machine. */
export const binaries: Readonly<Record<Runtime, () => string>> = {
  'Node 20': () => process.execPath,
  'Node 22': () => installedFile(`node-22-${platform}-${arch}/bin/node`),
  'Node 24': () => installedFile(`node-24-${platform}-${arch}/bin/node`),
  Bun: () => installedFile(`@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`),
  Deno: () => installedFile(`@deno/${platform}-${arch}${libc}/deno`),
  workerd: () => installedFile(`@cloudflare/workerd-${platform}-${arch === 'x64' ? '64' : arch}/bin/workerd`),
}
