import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import type { Project } from '../project.ts'
import { pulledEndpoints } from '../pulled-endpoints.ts'

/** What snippets use without declaring it: values of the reader's own program. */
const readers: Readonly<Record<string, string>> = {
  posthog: `import { createClient as create } from 'typehog'\nconst posthog = create()\n`,
  createClient: `import { createClient } from 'typehog'\n`,
  hogql: `import { hogql } from 'typehog'\n`,
  apiKey: `const apiKey: string = 'phx_'\n`,
  text: `const text: string = '{}'\n`,
  save: `const save = async (value: unknown): Promise<void> => console.log(value)\n`,
}

/** The TypeScript snippets of the README, in order. */
const snippets = [...readFileSync('README.md', 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
  ([, code = '']) => code,
)

/** Every snippet of the README is a program that a reader can compile. */
export function describeReadme(project: () => Project): void {
  describe('the README', () => {
    it('has the snippets that are looked for', () => {
      expect(snippets.length).toBeGreaterThanOrEqual(6)
    })

    it.each(snippets.map((code, index) => [index + 1, code] as const))(
      'snippet %i compiles',
      async (index, code) => {
        await project().write('readme/posthog.endpoints.ts', pulledEndpoints)
        const missing = Object.entries(readers).filter(
          ([name]) => isUsed(code, name) && !isDeclared(code, name),
        )
        const program = `${missing.map(([, declaration]) => declaration).join('')}${code}\nexport {}\n`
        const file = await project().write(`readme/snippet-${index}.ts`, program)
        expect(compile(project(), [file])).toEqual([])
      },
    )
  })
}

const isUsed = (code: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(code)

const isDeclared = (code: string, name: string): boolean =>
  new RegExp(`(?:const|import \\{[^}]*)\\s*\\b${name}\\b`).test(code)
