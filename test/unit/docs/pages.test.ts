import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderCliReference } from '../../../scripts/render-cli-reference.ts'
import * as typehog from '../../../src/index.ts'

const errors = readFileSync('docs/errors.md', 'utf8')
const sections = [...errors.matchAll(/^## (\w+)$/gm)].map(([, name]) => name)
const errorClasses = Object.entries(typehog).filter(
  ([, value]) => typeof value === 'function' && value.prototype instanceof typehog.PostHogError,
)

describe('the documentation', () => {
  it('has a README of at most 200 lines', () => {
    expect(readFileSync('README.md', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(200)
  })

  it('describes each error class in a section of its own', () => {
    expect(sections.sort()).toEqual(errorClasses.map(([name]) => name).sort())
  })

  it('has the commands of the CLI; `npm run reference` updates the page', () => {
    expect(readFileSync('docs/cli.md', 'utf8')).toBe(renderCliReference())
  })
})
