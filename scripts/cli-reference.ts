import { writeFile } from 'node:fs/promises'
import { renderCliReference } from './render-cli-reference.ts'

// Usage: tsx scripts/cli-reference.ts. Writes docs/cli.md from the commands of the CLI.
await writeFile('docs/cli.md', renderCliReference())
console.log('docs/cli.md was written.')
