import { readFileSync } from 'node:fs'
import { programOf } from './snippets.ts'

const sources = {
  typehog: 'src/index.ts',
  'typehog/formats': 'src/formats.ts',
  'typehog/node': 'src/node.ts',
  'typehog/projects': 'src/projects.ts',
  'typehog/redis': 'src/redis.ts',
  'typehog/testing': 'src/testing.ts',
}

/** Declarations of values that examples of doc comments use without declaring them. */
const values: Readonly<Record<string, string>> = {
  posthog: `import { createClient as create } from 'typehog'\nconst posthog = create()`,
  endpoints: `import type { Endpoint } from 'typehog'
    declare const endpoints: {
      traffic: Endpoint<{ country?: string }, { views: number }>
      signupsByCountry: Endpoint<{ country: string }, { signups: number }>
    }`,
  z: `import { z } from 'zod'`,
  createRedis: `import { createClient as createRedis } from 'redis'`,
  readFile: `declare function readFile(file: string, encoding: 'utf8'): Promise<string>`,
  currentTrace: 'declare function currentTrace(): string',
  useNewCheckout: 'declare function useNewCheckout(): void',
  save: 'declare function save(value: unknown): Promise<void>',
  conditions: `import type { HogQL as Condition } from 'typehog'\ndeclare const conditions: Condition[]`,
  events: `import type { EventToCapture } from 'typehog'\ndeclare const events: EventToCapture[]`,
  local: `import type { LocalPostHog } from 'typehog/testing'\ndeclare const local: LocalPostHog`,
  Project: 'interface Project { readonly events: { readonly visited: unknown } }',
  query: `import type { HogQL as Query } from 'typehog'\ndeclare const query: Query`,
  result: 'declare const result: { executionId: string }',
  since: 'declare const since: Date',
  emails: 'declare const emails: string[]',
  names: 'declare const names: string[]',
  ids: 'declare const ids: string[]',
  body: `declare const body: { query: { kind: 'HogQLQuery'; query: string } }`,
  ...Object.fromEntries(
    ['key', 'id', 'uuid', 'url', 'clientId', 'refreshToken'].map((name) => [
      name,
      `declare const ${name}: string`,
    ]),
  ),
}

/** Names of the exports of an entry. */
export function exportsOf(source: string): string[] {
  const lists = readFileSync(source, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .matchAll(/\{([^}]*)\}/g)
  const words = [...lists].flatMap(([, list = '']) => list.match(/[\w$]+/g) ?? [])
  return words.filter((word) => word !== 'type')
}

/** The examples on a page of the reference, as modules. */
export function exampleProgramsOf(page: string): string[] {
  const imports = Object.entries(sources).flatMap(([entry, source]) => {
    return exportsOf(source).map((name) => [name, `import { ${name} } from '${entry}'`] as const)
  })
  const declarations = { ...Object.fromEntries(imports.reverse()), ...values }
  return [...page.matchAll(/^#+ Examples?\n\n```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => {
    return programOf(code, declarations)
  })
}
