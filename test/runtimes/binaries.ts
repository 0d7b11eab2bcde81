import { installedFile } from './install.ts'

const { platform, arch } = process
const libc = platform === 'linux' ? '-glibc' : ''

type Runtime = 'Node 20' | 'Node 22' | 'Node 24' | 'Bun' | 'Deno' | 'workerd'

/** The executable of each runtime for this machine. */
export const binaries: Readonly<Record<Runtime, () => string>> = {
  'Node 20': () => process.execPath,
  'Node 22': () => installedFile(`node-22-${platform}-${arch}/bin/node`),
  'Node 24': () => installedFile(`node-24-${platform}-${arch}/bin/node`),
  Bun: () => installedFile(`@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`),
  Deno: () => installedFile(`@deno/${platform}-${arch}${libc}/deno`),
  workerd: () => installedFile(`@cloudflare/workerd-${platform}-${arch === 'x64' ? '64' : arch}/bin/workerd`),
}
