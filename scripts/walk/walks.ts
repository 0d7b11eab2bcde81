import { dirname } from 'node:path'
import { binaries } from '../../test/runtimes/install.ts'
import type { Walk } from './walk-page.ts'

const question = ['1. Install', '2. Set the key', '3. Ask a question']
/** The event and its count, in a table, as text or as JSON. */
const rowOfEvents = /\$pageview\D+\d+/

/** Walks from an empty folder, for readers who have the runtime. */
export const walks = (): readonly Walk[] => [
  {
    name: 'README',
    page: 'README.md',
    sections: ['Install', 'The first query'],
    row: /^\/\w* \d+$/m,
  },
  { name: 'Node.js', page: 'docs/get-started/node.md', sections: question, row: rowOfEvents },
  {
    name: 'Node.js in CommonJS',
    page: 'docs/get-started/node.md',
    sections: ['1. Install', '2. Set the key', 'In CommonJS'],
    row: rowOfEvents,
  },
  {
    name: 'Node.js without an account',
    page: 'docs/get-started/node.md',
    sections: ['1. Install', 'Without an account', '3. Ask a question'],
    row: rowOfEvents,
  },
  {
    name: 'Deno',
    page: 'docs/get-started/deno.md',
    sections: question,
    row: rowOfEvents,
    path: [dirname(binaries.Deno())],
  },
  {
    name: 'Bun',
    page: 'docs/get-started/bun.md',
    sections: question,
    row: rowOfEvents,
    path: [dirname(binaries.Bun())],
  },
  {
    name: 'Cloudflare Workers',
    page: 'docs/get-started/workers.md',
    sections: ['1. Install', '2. Set the key', '3. Answer a request'],
    row: rowOfEvents,
    path: [dirname(binaries['Node 22']())],
  },
  {
    name: 'Next.js',
    before: 'npx --yes create-next-app@latest . --yes --empty --disable-git --no-eslint --no-tailwind',
    page: 'docs/get-started/nextjs.md',
    sections: ['1. Install', '2. Set the key', '3. Show a result'],
    row: rowOfEvents,
  },
]
