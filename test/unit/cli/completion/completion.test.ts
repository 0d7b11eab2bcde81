import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { captureCli } from '../capture-cli.ts'

const shells = ['bash', 'zsh', 'fish'] as const
/** Whether to skip the tests of a shell. CI has all of them. */
const isMissing = (shell: string): boolean =>
  process.env['CI'] === undefined && spawnSync(shell, ['-c', 'true']).status !== 0

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'typehog-completion-'))
  for (const shell of shells) {
    const { code, out, err } = await captureCli(['completion', shell])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    writeFileSync(join(folder, shell), out)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What bash completes. Each word is one of COMP_WORDS: bash splits at `=` and `:`. */
function completeInBash(...words: readonly string[]): string[] {
  const script = `source '${folder}/bash'
COMP_WORDS=(typehog "$@"); COMP_CWORD=$#; _typehog; printf '%s\\n' "\${COMPREPLY[@]}"`
  const out = execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], { encoding: 'utf8' })
  return out.split('\n').filter((line) => line !== '')
}

/** What fish completes for a line. */
function completeInFish(line: string): string[] {
  const script = `source '${folder}/fish'; complete -C 'typehog ${line}'`
  const out = execFileSync('fish', ['--no-config', '-c', script], { encoding: 'utf8', cwd: folder })
  return out.split('\n').flatMap((item) => item.split('\t')[0] || [])
}

describe('completion', () => {
  it.for(shells)('prints a script that %s can read', (shell, { skip }) => {
    skip(isMissing(shell), `${shell} is not installed`)
    const { status, stderr } = spawnSync(shell, ['-n', join(folder, shell)], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('rejects other shells', async () => {
    const { code, err } = await captureCli(['completion', 'tcsh'])
    expect(code).toBe(2)
    expect(err).toContain('Allowed choices are bash, zsh, fish.')
  })

  it.each([
    ['commands', ['en'], ['endpoints']],
    ['commands of a command', ['endpoints', 'pu'], ['pull', 'push']],
    ['options of a command', ['query', '--fo'], ['--format']],
    ['options of the program after a command', ['endpoints', 'run', '--ho'], ['--host']],
    ['choices of an option', ['endpoints', 'run', '--format', ''], ['table', 'json', 'ndjson', 'csv']],
    ['choices after an equals sign', ['query', '--format', '=', 'js'], ['json']],
    [
      'choices right after an equals sign',
      ['endpoints', 'run', '--format', '='],
      ['table', 'json', 'ndjson', 'csv'],
    ],
    ['choices of an argument', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['commands after an option with a value', ['--host', 'http', ':', '//h', 'endpoints', 'r'], ['run']],
    ['no command that is the value of an option', ['--profile', 'endpoints', 'proj'], ['project']],
    ['no command for an argument', ['endpoints', 'run', 'pull', '--offs'], ['--offset']],
    ['file names, by default of the shell', ['query', '--file', ''], []],
  ])('in bash completes %s', (_, words, expected) => {
    expect(completeInBash(...words)).toEqual(expected)
  })

  it('in bash runs nothing that the line contains', () => {
    expect(completeInBash('query', `$(touch '${folder}/run')`, '`id`', '--fo')).toEqual(['--format'])
    expect(spawnSync('ls', [folder], { encoding: 'utf8' }).stdout).not.toMatch(/^run$/m)
  })

  it('in fish completes commands, options, choices and files', ({ skip }) => {
    skip(isMissing('fish'), 'fish is not installed')
    expect(completeInFish('en')).toEqual(['endpoints'])
    expect(completeInFish('endpoints pu')).toEqual(['pull', 'push'])
    expect(completeInFish('endpoints run --ho')).toEqual(['--host'])
    expect(completeInFish('endpoints run --format ').sort()).toEqual(['csv', 'json', 'ndjson', 'table'])
    expect(completeInFish('--profile endpoints proj')).toEqual(['project'])
    expect(completeInFish('query --file ').sort()).toEqual(['bash', 'fish', 'zsh'])
  })
})
