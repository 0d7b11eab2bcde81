import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { resolutions } from './compile.ts'
import { useProject } from './project.ts'

/** The most type instantiations for a program with the package, as a multiple of the same program with its own types. */
const maxRatio = 1.5

const project = useProject()

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

describe('type instantiations', () => {
  it(`are at most ${maxRatio} times those of a program typed by hand`, async () => {
    const byHand = await instantiations('by-hand')
    const withTypehog = await instantiations('with-typehog')
    console.log(`instantiations: ${withTypehog}, by hand ${byHand}`)
    expect(byHand).toBeGreaterThan(0)
    expect(withTypehog).toBeLessThanOrEqual(byHand * maxRatio)
  })
})
