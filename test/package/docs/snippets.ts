/** A TypeScript code block of a page. */
export interface Snippet {
  readonly code: string
  /** First line in the page, counted from 1. */
  readonly line: number
  /** Whether the tests compile but do not run it: its fence says `no-run`. */
  readonly compiledOnly: boolean
  /** The expected output: the text block right after the code. `…` matches any text. */
  readonly printed: string | undefined
}

const fence = /^```ts( no-run)?\n([\s\S]*?)^```$(?:\n\n^```text\n([\s\S]*?)^```$)?/gm

/** The TypeScript snippets of a page, in order. */
export function snippetsOf(page: string): Snippet[] {
  return [...page.matchAll(fence)].map(({ index, 1: mark, 2: code = '', 3: printed }) => ({
    code,
    line: page.slice(0, index).split('\n').length + 1,
    compiledOnly: mark !== undefined,
    printed,
  }))
}

/** Declarations that snippets use: those of earlier snippets, and values of the reader's program. */
const readers: Readonly<Record<string, string>> = {
  posthog: `import { createClient as create } from 'typehog'\nconst posthog = create()`,
  createClient: `import { createClient } from 'typehog'`,
  hogql: `import { hogql } from 'typehog'`,
  apiKey: `const apiKey: string = 'phx_'`,
  text: `const text: string = '{}'`,
  save: `const save = async (value: unknown): Promise<void> => void value`,
}

/** Turns a snippet into a module and adds the declarations that it needs. */
export function programOf(code: string, declarations: Readonly<Record<string, string>> = readers): string {
  const missing = Object.entries(declarations).filter(
    ([name]) => isUsed(code, name) && !isDeclared(code, name),
  )
  return [...missing.map(([, declaration]) => declaration), code, 'export {}\n'].join('\n')
}

const isUsed = (code: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(code)

const isDeclared = (code: string, name: string): boolean =>
  new RegExp(`(?:const|using|const \\{[^}]*|import \\{[^}]*)\\s*\\b${name}\\b`).test(code)

/** Whether an output matches the output that a page shows. */
export function isAsShown(text: string, shown: string): boolean {
  const parts = shown
    .trimEnd()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(text.trimEnd())
}
