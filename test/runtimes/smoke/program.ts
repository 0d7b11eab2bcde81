import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Target } from './suite.ts'

/** The module format of a program. */
export type Format = 'esm' | 'cjs'

/** The specifiers by which a program imports the package. */
export interface Names {
  readonly typehog: string
  readonly api: string
}

/** The folder of programs. */
export interface ProgramFolder {
  readonly write: (name: string, text: string) => Promise<string>
}

/** Writes a program that runs the suite with the installed package and prints a line for each check. */
export async function writeProgram(
  project: ProgramFolder,
  format: Format,
  target: Target,
  { typehog, api }: Names = { typehog: 'typehog', api: 'typehog/api' },
): Promise<string> {
  const extension = format === 'esm' ? 'mjs' : 'cjs'
  await project.write(`suite.${extension}`, await bundleSuite(format))
  const load =
    format === 'esm'
      ? `import * as typehog from '${typehog}'
import * as api from '${api}'
import { smoke } from './suite.mjs'`
      : `const typehog = require('${typehog}')
const api = require('${api}')
const { smoke } = require('./suite.cjs')`
  return project.write(
    `smoke.${extension}`,
    `${load}
smoke({ typehog, api }, ${JSON.stringify(target)}).then((lines) => console.log(lines.join('\\n')))
`,
  )
}

/** Bundles the suite into one JavaScript file without imports. */
export async function bundleSuite(format: 'esm' | 'cjs'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./suite.ts', import.meta.url))],
    bundle: true,
    write: false,
    format,
    platform: 'neutral',
    target: 'es2022',
  })
  return outputFiles.map(({ text }) => text).join('')
}
