import { readdir, readFile, writeFile } from 'node:fs/promises'
import { bundledPackagesFile } from './compact-bundles.ts'

// Usage: tsx scripts/third-party-notices.ts [--check], after `npm run build`.
// Writes THIRD-PARTY-NOTICES.md: the license of each package whose code is in `dist`. With `--check` it writes nothing
// and exits with 1 when the file is out of date.

const file = 'THIRD-PARTY-NOTICES.md'
/** The fetch client is copied into the generated code. */
const copied = ['@hey-api/openapi-ts']
// The build writes this file.
const bundled = JSON.parse(await readFile(bundledPackagesFile, 'utf8')) as string[]

const names = [...new Set([...copied, ...bundled])].sort()
const sections = await Promise.all(names.map(renderNotice))
const text = `# Third-party notices

The published package contains code from the packages below, under their own licenses.
\`npx tsx scripts/third-party-notices.ts\` writes this file from what \`npm run build\` bundles.

${sections.join('\n')}`

if (!process.argv.includes('--check')) {
  await writeFile(file, text)
  console.log(`Wrote ${file}: ${names.join(', ')}.`)
} else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error(`${file} does not match the packages in dist: ${names.join(', ')}.`)
  console.error('Fix: run `npm run build && npx tsx scripts/third-party-notices.ts`.')
  process.exitCode = 1
}

async function renderNotice(name: string): Promise<string> {
  const folder = `node_modules/${name}`
  // npm's own format.
  const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as {
    version: string
    license: string
  }
  const licenses = (await readdir(folder)).filter((entry) => /^(?:licen[cs]e|notice)\b/i.test(entry)).sort()
  if (licenses.length === 0) throw new Error(`${name} has no license file. Add its license by hand.`)
  const texts = await Promise.all(licenses.map((entry) => readFile(`${folder}/${entry}`, 'utf8')))
  const quoted = texts.map((notice) => `\`\`\`text\n${notice.replaceAll('\r\n', '\n').trim()}\n\`\`\`\n`)
  return `## ${name} ${version} (${license})\n\n${quoted.join('\n')}`
}
