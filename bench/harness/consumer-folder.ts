import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Compiler options of a backend: the library of the language and the types of Node, without those of browsers. */
export const compilerOptions: Readonly<Record<string, unknown>> = {
  target: 'ES2022',
  lib: ['ES2023'],
  types: ['node'],
  module: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

/** A project that has the built package and the peers installed. */
export interface ConsumerFolder extends AsyncDisposable {
  readonly folder: string
  /** Writes a file and gives its path. */
  readonly write: (name: string, text: string) => Promise<string>
}

/** Makes a project in a folder of its own, which goes away when it is disposed of. */
export async function consumerFolder(): Promise<ConsumerFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'typehog-bench-'))
  const packages = {
    typehog: root,
    openai: join(root, 'bench/node_modules/openai'),
    ky: join(root, 'bench/node_modules/ky'),
    '@types/node': join(root, 'node_modules/@types/node'),
  }
  for (const [name, path] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(path, link)
  }
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    return file
  }
  await write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  return { folder, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
