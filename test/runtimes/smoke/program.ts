import { bundleSuite } from './bundle.ts'
import type { Target } from './package-under-test.ts'

/** How a program takes the package. */
export type Format = 'esm' | 'cjs'

/** By which names a program imports the package. */
export interface Names {
  readonly typehog: string
  readonly api: string
}

/** Where programs are written. */
export interface ProgramFolder {
  readonly write: (name: string, text: string) => Promise<string>
}

/** Writes a program that runs the suite on the installed package and prints a line for each check. */
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
