import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Project } from '../../package/project.ts'
import { binaries } from '../binaries.ts'
import { consumer } from '../consumer.ts'
import { type Printed, runProgram } from '../run-program.ts'
import type { Account } from '../smoke/account.ts'
import { type Format, type Names, writeProgram } from '../smoke/program.ts'
import { allWell, expectAllWell } from './all-well.ts'

const net = '--allow-net=127.0.0.1'

/** Nothing is written into the home of whoever runs this, and no newer version looked for. */
export const denoEnv = (folder: string): Record<string, string> => ({
  DENO_DIR: join(folder, '.deno'),
  DENO_NO_UPDATE_CHECK: '1',
  NO_COLOR: '1',
})

/** Deno, which grants a program nothing but what it is told to. The environment is never granted. */
export function describeDeno(project: () => Project, account: () => Account): void {
  const run = async (
    permissions: readonly string[],
    names?: Names,
    format: Format = 'esm',
  ): Promise<Printed> => {
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
      expectAllWell(await run([net, ...files()], { typehog, api: `${typehog}/api` }))
    })

    it('passes the suite importing its file', async () => {
      const dist = pathToFileURL(join(project().folder, 'node_modules/typehog/dist'))
      expectAllWell(await run([net, ...files()], { typehog: `${dist}/index.js`, api: `${dist}/api.js` }))
    })

    it('passes the suite as cjs', async () => {
      expectAllWell(await run([net, ...files()], undefined, 'cjs'))
    })

    it('reads the declarations', async () => {
      const { folder, write } = project()
      const args = ['check', '--no-remote', '--no-lock', '--node-modules-dir=manual']
      const program = await write('consumer.mts', consumer)
      const { lines } = await runProgram([binaries.Deno(), ...args, program], {
        folder,
        env: denoEnv(folder),
      })
      expect(lines).toEqual([''])
    })

    it('needs leave for the network, and for files where it writes them', async () => {
      const { lines } = await run([net])
      expect(lines.filter((line) => !allWell.includes(line))).toEqual([
        expect.stringMatching(/^an export to a file: \w+: .*Requires (?:read|write) access/),
      ])
    })
  })
}
