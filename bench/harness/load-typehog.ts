import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What the built package exports. */
export type Typehog = typeof import('../../src/index.ts')

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The file that is measured: the given one, else the built package. */
export function buildFile(build: string | undefined): string {
  return build === undefined ? resolve(root, 'dist/index.js') : resolve(build)
}

/** Loads the package as users get it. The default build is made when there is none. */
export async function loadTypehog(build: string | undefined): Promise<Typehog> {
  const file = buildFile(build)
  if (build === undefined && !existsSync(file)) {
    execFileSync('node_modules/.bin/tsup', ['--silent'], { cwd: root, stdio: 'inherit' })
  }
  // A build of the sources that the type is taken from.
  return (await import(pathToFileURL(file).href)) as Typehog
}
