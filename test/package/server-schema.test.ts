import { execFile } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { useProject } from './project.ts'

const project = useProject()

const route = '/api/projects/{project_id}/reports_beyond/'
const report = {
  type: 'object',
  required: ['id', 'title'],
  properties: { id: { type: 'integer' }, title: { type: 'string' } },
}
const page = {
  type: 'object',
  required: ['count', 'results'],
  properties: {
    count: { type: 'integer' },
    next: { type: ['string', 'null'] },
    previous: { type: ['string', 'null'] },
    results: { type: 'array', items: { $ref: '#/components/schemas/Report' } },
  },
}
const json = (schema: object): object => ({ description: '', content: { 'application/json': { schema } } })
const server = {
  openapi: '3.1.0',
  info: { title: 'PostHog', version: '1' },
  paths: {
    [route]: {
      get: {
        operationId: 'reports_list',
        parameters: [
          { in: 'path', name: 'project_id', required: true, schema: { type: 'string' } },
          { in: 'query', name: 'limit', schema: { type: 'integer' } },
          { in: 'query', name: 'offset', schema: { type: 'integer' } },
        ],
        responses: { 200: json(page) },
      },
    },
  },
  components: { schemas: { Report: report } },
}

/** Runs the command of the installed package. */
function pull(...options: string[]): Promise<{ readonly code: number; readonly err: string }> {
  const args = [join(project().folder, 'node_modules/typehog/dist/cli.js'), 'schema', 'pull', ...options]
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: project().folder }, (error, _, err) => {
      done({ code: Number(error?.code ?? 0), err })
    })
  })
}

const program = (imported: string): string => `
${imported}
export async function titles(): Promise<string[]> {
  const posthog = createClient({ apiKey: 'phx_x', projectId: 7, region: 'eu' })
  const { results } = await posthog.request('GET ${route}', { query: { limit: 1 } })
  const first: string | undefined = results[0]?.title
  const flags = await posthog.request('GET /api/projects/{project_id}/feature_flags/')
  const keys: string[] = flags.results.map((flag) => flag.key)
  const list = posthog.list('GET ${route}')
  for await (const { id, title } of list) keys.push(id.toFixed(), title)
  // @ts-expect-error a field that reports do not have
  results[0]?.name
  // @ts-expect-error a route that neither the snapshot nor the server has
  await posthog.request('GET /api/projects/{project_id}/reports_nowhere/')
  return first === undefined ? keys : [first, ...keys]
}
`

describe('schema pull of the packed command', { timeout: 240_000 }, () => {
  it('says what to install when the generator is missing', async () => {
    await project().write('server.json', JSON.stringify(server))
    const { code, err } = await pull('server.json')
    expect(code).toBe(2)
    expect(err).toContain('npm install --save-dev @hey-api/openapi-ts@')
  })

  it('types the operations of the server in ES modules and CommonJS', async () => {
    const generator = join(project().folder, 'node_modules/@hey-api/openapi-ts')
    await mkdir(dirname(generator), { recursive: true })
    await symlink(resolve('node_modules/@hey-api/openapi-ts'), generator)
    await project().write('server.json', JSON.stringify(server))
    expect(await pull('server.json', '--out', 'esm/posthog.schema.ts')).toMatchObject({ code: 0 })
    expect(await pull('server.json', '--out', 'cjs/posthog.schema.ts')).toMatchObject({ code: 0 })
    await project().write('cjs/package.json', JSON.stringify({ type: 'commonjs' }))
    const esm = await project().write(
      'esm/program.ts',
      program("import { createClient } from 'typehog'\nimport './posthog.schema.js'"),
    )
    const cjs = await project().write(
      'cjs/program.ts',
      program("import { createClient } from 'typehog'\nimport './posthog.schema.js'"),
    )
    expect(compile(project(), [esm], 'nodenext')).toEqual([])
    expect(compile(project(), [cjs], 'nodenext')).toEqual([])
    expect(compile(project(), [esm], 'bundler')).toEqual([])
    expect(compile(project(), [cjs], 'bundler')).toEqual([])
  })
})
