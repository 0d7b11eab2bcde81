import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { resolutions } from './compile.ts'
import { useProject } from './project.ts'

/** The most type instantiations for a program with the package, as a multiple of the same program with its own types. */
const maxRatio = 1.5

/** The most types for the completions of a route: each of 2,170 routes is one, and their inputs would be 13,000 more. */
const maxTypes = 5_000

/** The most characters of declarations that a program with the package reads. */
const maxDeclarations = 1_600_000

const project = useProject()

const options = (): ts.CompilerOptions => ({
  ...resolutions.nodenext,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  typeRoots: [join(project().folder, 'node_modules/@types')],
})

const instantiations = async (name: string): Promise<number> => {
  const file = await project().write(`${name}.ts`, await readFile(`bench/consumer/${name}.ts`, 'utf8'))
  const program = ts.createProgram([file], options())
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

describe('declarations', () => {
  it(`have at most ${maxDeclarations} characters for a program without typehog/api`, async () => {
    const file = await project().write('declarations.ts', "import 'typehog'\n")
    const own = ts
      .createProgram([file], options())
      .getSourceFiles()
      .filter(({ fileName }) => /\/typehog\/dist\//.test(fileName))
    const characters = own.reduce((sum, { text }) => sum + text.length, 0)
    console.log(`declarations: ${characters} characters in ${own.length} files`)
    expect(characters).toBeGreaterThan(1_000_000)
    expect(characters).toBeLessThanOrEqual(maxDeclarations)
  })
})

describe('completions of a route', () => {
  it.each(['request', 'explain'])(
    'do not cost the types of all inputs in `%s`',
    async (method) => {
      const start = `import { createClient } from 'typehog'\ncreateClient().${method}('`
      const file = await project().write(`complete-${method}.ts`, `${start}')`)
      const { readFile, fileExists, readDirectory, directoryExists, getDirectories } = ts.sys
      const service = ts.createLanguageService({
        ...{ readFile, fileExists, readDirectory, directoryExists, getDirectories },
        getScriptFileNames: () => [file],
        getScriptVersion: () => '1',
        getScriptSnapshot: (name) => ts.ScriptSnapshot.fromString(readFile(name) ?? ''),
        getCurrentDirectory: () => project().folder,
        getCompilationSettings: options,
        getDefaultLibFileName: ts.getDefaultLibFilePath,
      })
      const routes = service.getCompletionsAtPosition(file, start.length, { triggerCharacter: "'" })?.entries
      const types = service.getProgram()?.getTypeCount()
      console.log(`completions of ${method}: ${routes?.length} routes, ${types} types`)
      expect(routes?.length).toBeGreaterThan(1_000)
      expect(types).toBeLessThan(maxTypes)
    },
    120_000,
  )
})
