import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { resolutions } from '../compile.ts'
import type { Project } from '../project.ts'

/** What the compiler may do for a program with the package, as a multiple of the same with types of its own. */
const maxRatio = 1.5

/** What the types of the package cost who compiles with them. */
export function describeCompileCost(project: () => Project): void {
  const instantiations = async (name: string): Promise<number> => {
    const file = await project().write(`${name}.ts`, await readFile(`bench/consumer/${name}.ts`, 'utf8'))
    const program = ts.createProgram([file], {
      ...resolutions.nodenext,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(project().folder, 'node_modules/@types')],
    })
    const problems = ts.getPreEmitDiagnostics(program)
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
    return program.getInstantiationCount()
  }

  describe('the types', () => {
    it(`make the compiler instantiate at most ${maxRatio} times as many as a program typed by hand`, async () => {
      const byHand = await instantiations('by-hand')
      const withTypehog = await instantiations('with-typehog')
      console.log(`instantiations: ${withTypehog}, by hand ${byHand}`)
      expect(byHand).toBeGreaterThan(0)
      expect(withTypehog).toBeLessThanOrEqual(byHand * maxRatio)
    })
  })
}
