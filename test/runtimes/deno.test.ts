import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { useProject } from '../package/project.ts'
import { consumer } from './consumer.ts'
import { binaries } from './install.ts'
import { allOk, denoEnv, expectAllOk, type ProgramOutput, runProgram } from './run-program.ts'
import { useAccount } from './smoke/account.ts'
import { type Format, type Names, writeProgram } from './smoke/program.ts'

const net = '--allow-net=127.0.0.1'

// Deno grants only explicit permissions. These tests never grant access to the environment.
const project = useProject()
const account = useAccount()

const run = async (
  permissions: readonly string[],
  names?: Names,
  format: Format = 'esm',
): Promise<ProgramOutput> => {
  const { folder } = project()
  const program = await writeProgram(project(), format, { ...account().target, folder }, names)
  account().prepare()
  const offline = ['--no-prompt', '--no-remote', '--cached-only', '--no-lock', '--node-modules-dir=manual']
  const command = [binaries.Deno(), 'run', ...offline, ...permissions, program] as const
  return runProgram(command, { folder, env: denoEnv(folder) })
}
const files = (): string[] => [`--allow-read=${project().folder}`, `--allow-write=${project().folder}`]

describe('Deno', () => {
  it.each([
    ['as a package of node_modules', 'typehog'],
    ['as npm:typehog', 'npm:typehog'],
  ])('passes the suite importing it %s', async (_, typehog) => {
    expectAllOk(await run([net, ...files()], { typehog, api: `${typehog}/api` }))
  })

  it('passes the suite importing its file', async () => {
    const dist = pathToFileURL(join(project().folder, 'node_modules/typehog/dist'))
    expectAllOk(await run([net, ...files()], { typehog: `${dist}/index.js`, api: `${dist}/api.js` }))
  })

  it('passes the suite as cjs', async () => {
    expectAllOk(await run([net, ...files()], undefined, 'cjs'))
  })

  it('type-checks a program against the declarations', async () => {
    const { folder, write } = project()
    const args = ['check', '--no-remote', '--no-lock', '--node-modules-dir=manual']
    const program = await write('consumer.mts', consumer)
    const { lines } = await runProgram([binaries.Deno(), ...args, program], {
      folder,
      env: denoEnv(folder),
    })
    expect(lines).toEqual([''])
  })

  it('needs permission for the network, and for files only to export', async () => {
    const { lines } = await run([net])
    expect(lines.filter((line) => !allOk.includes(line))).toEqual([
      expect.stringMatching(/^an export to a file: \w+: .*Requires (?:read|write) access/),
    ])
  })
})
