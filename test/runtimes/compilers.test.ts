import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { renderModule } from '../../src/codegen/endpoints/render-module.ts'
import { createProjectLock } from '../../src/codegen/project/create-lock.ts'
import { docsOf, renderProject } from '../../src/codegen/project/render-project.ts'
import { renderQueries } from '../../src/codegen/queries/render-queries.ts'
import { useProject } from '../package/project.ts'
import { described } from '../unit/codegen/queries/described-queries.ts'
import {
  byNameConsumer,
  commonJsConsumer,
  consumer,
  pulledConsumer,
  pulledDescription,
  pulledNames,
} from './consumer.ts'
import { installedFile } from './install.ts'

/** The oldest TypeScript that reads the package's declarations: it introduced `NoInfer`. */
const oldestTypeScript = '5.4'
/** The newest TypeScript under test. */
const newestTypeScript = '7.0'

/** The program of each version. */
const compilers: Readonly<Record<string, () => string>> = {
  [oldestTypeScript]: () => installedFile(`typescript-${oldestTypeScript}/bin/tsc`),
  '5.6': () => installedFile('typescript-5.6/bin/tsc'),
  '5.9': () => installedFile('typescript-5.9/bin/tsc'),
  '6.0': () => resolve('node_modules/typescript/bin/tsc'),
  [newestTypeScript]: () => installedFile(`typescript-${newestTypeScript}/bin/tsc`),
}

const programs = ['consumer', 'by-name', 'pulled'].flatMap((name) => [`${name}.mts`, `${name}.cts`])

/** Module resolutions, and the programs that each of them can compile. */
const resolutions = {
  node16: { module: 'node16', files: programs },
  nodenext: { module: 'nodenext', files: programs },
  bundler: { module: 'esnext', files: programs.filter((file) => file.endsWith('.mts')) },
} as const

const project = useProject()
beforeAll(async () => {
  await project().write('consumer.mts', consumer)
  await project().write('consumer.cts', commonJsConsumer)
  const source = { host: 'https://us.posthog.com', projectId: '1', strict: false, maxEvents: 300 }
  const names = createProjectLock(pulledNames, source, undefined)
  const pulled = renderModule([pulledDescription], { host: 'https://us.posthog.com', projectId: '1' })
  for (const kind of ['m', 'c'] as const) {
    await project().write(`posthog.endpoints.${kind}ts`, pulled)
    await project().write(`by-name.${kind}ts`, byNameConsumer(kind))
    await project().write(`posthog.queries.${kind}ts`, renderQueries(described))
    await project().write(`posthog.project.${kind}ts`, renderProject(names, docsOf(pulledNames)))
    await project().write(`pulled.${kind}ts`, pulledConsumer(kind))
  }
})

/** Messages of a compiler about the programs and the declarations of the package. */
async function compile(version: string, moduleResolution: keyof typeof resolutions): Promise<string> {
  const { module, files } = resolutions[moduleResolution]
  const config = await project().write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2022'],
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
      },
      files,
    }),
  )
  const compiler = compilers[version]?.() ?? version
  const args = [compiler, '-p', config, '--pretty', 'false']
  try {
    return (await promisify(execFile)(process.execPath, args, { timeout: 120_000 })).stdout
  } catch (error) {
    // A compiler that finds errors prints them. Without output the compiler itself failed.
    const { stdout } = Object(error)
    if (stdout) return stdout
    throw error
  }
}

describe('a strict program with every declaration checked', () => {
  it.each(Object.keys(compilers))('compiles with TypeScript %s', async (version) => {
    expect(await compile(version, 'nodenext')).toBe('')
  })

  describe.each([oldestTypeScript, newestTypeScript])('with TypeScript %s', (version) => {
    it.each(['node16', 'bundler'] as const)('compiles with moduleResolution %s', async (resolution) => {
      expect(await compile(version, resolution)).toBe('')
    })
  })
})
