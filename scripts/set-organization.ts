import { readFile, writeFile } from 'node:fs/promises'

// Usage: tsx scripts/set-organization.ts <organization>, once the GitHub organization exists.
// Replaces the placeholder in package.json, the errors and the documentation site, and assigns the team `maintainers` to each rule of CODEOWNERS.

const placeholder = 'github.com/OWNER/'
const files = ['package.json', 'src/runtime/errors/posthog-error.ts', 'docs/.vitepress/config.ts']
const [organization = ''] = process.argv.slice(2)
const manifest = await readFile('package.json', 'utf8')
if (!/^[a-z\d](?:-?[a-z\d])*$/i.test(organization)) {
  console.error('Usage: set-organization <organization>, a name of letters, digits and hyphens.')
  process.exitCode = 2
} else if (!manifest.includes(placeholder)) {
  console.error(`package.json does not contain ${placeholder}: the organization is set already.`)
  process.exitCode = 1
} else {
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replaceAll(placeholder, `github.com/${organization}/`))
  }
  const owners = await readFile('.github/CODEOWNERS', 'utf8')
  await writeFile(
    '.github/CODEOWNERS',
    owners.replace(/^[*/]\S*$/gm, (rule) => `${rule} @${organization}/maintainers`),
  )
  console.log(`Wrote ${files.join(', ')} and .github/CODEOWNERS.`)
}
