import { build } from 'esbuild'
import type { Project } from '../../package/project.ts'
import { bundleSuite } from './bundle.ts'
import type { Target } from './package-under-test.ts'
import type { Names } from './program.ts'

/** Modules by name, the entry first. */
export type Modules = ReadonlyMap<string, string>

/** A worker whose answer is a line for each check, from one file. */
export async function bundledWorker(project: Project, target: Target): Promise<Modules> {
  await project.write('suite.mjs', await bundleSuite('esm'))
  const { outputFiles } = await build({
    stdin: {
      contents: entry({ typehog: 'typehog', api: 'typehog/api' }, target),
      resolveDir: project.folder,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
  })
  return new Map([['worker.js', outputFiles.map(({ text }) => text).join('')]])
}

/** The same from the package's own files as they are, those that are loaded later included. */
export async function splitWorker(project: Project, target: Target): Promise<Modules> {
  const modules = new Map([
    ['worker.js', entry({ typehog: './index.js', api: './api.js' }, target)],
    ['suite.mjs', await bundleSuite('esm')],
  ])
  const queue = ['index.js', 'api.js']
  for (const file of queue) {
    const text = await project.read(`dist/${file}`)
    modules.set(file, text)
    for (const [, name = ''] of text.matchAll(/['"]\.\/([\w-]+\.js)['"]/g)) {
      if (!queue.includes(name)) queue.push(name)
    }
  }
  return modules
}

const entry = ({ typehog, api }: Names, target: Target): string => `import * as typehog from '${typehog}'
import * as api from '${api}'
import { smoke } from './suite.mjs'
export default {
  async fetch() {
    return new Response((await smoke({ typehog, api }, ${JSON.stringify(target)})).join('\\n'))
  },
}
`
