import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const { homepage, repository, bugs } = JSON.parse(readFileSync('package.json', 'utf8'))
const [, organization = ''] =
  /^git\+https:\/\/github\.com\/([\w-]+)\/typehog\.git$/.exec(repository.url) ?? []

it('package.json names one repository', () => {
  expect(organization).not.toBe('')
  expect(homepage).toBe(`https://github.com/${organization}/typehog#readme`)
  expect(bugs.url).toBe(`https://github.com/${organization}/typehog/issues`)
})

it('no other file names the repository', () => {
  const files = execFileSync('git', ['grep', '-lIiF', `${organization}/typehog`], { encoding: 'utf8' })
  expect(files.trim().split('\n')).toEqual(['package.json'])
})
