import { readFile, writeFile } from 'node:fs/promises'

// Usage: tsx scripts/set-organization.ts <organization>, once the GitHub organization exists.
// Replaces the placeholder in package.json and assigns the team `maintainers` to each rule of CODEOWNERS.

const placeholder = 'github.com/OWNER/'
const [organization = ''] = process.argv.slice(2)
const manifest = await readFile('package.json', 'utf8')
if (!/^[a-z\d](?:-?[a-z\d])*$/i.test(organization)) {
  console.error('Usage: set-organization <organization>, a name of letters, digits and hyphens.')
  process.exitCode = 2
} else if (!manifest.includes(placeholder)) {
  console.error(`package.json does not contain ${placeholder}: the organization is set already.`)
  process.exitCode = 1
} else {
  await writeFile('package.json', manifest.replaceAll(placeholder, `github.com/${organization}/`))
  const owners = await readFile('.github/CODEOWNERS', 'utf8')
  await writeFile(
    '.github/CODEOWNERS',
    owners.replace(/^[*/]\S*$/gm, (rule) => `${rule} @${organization}/maintainers`),
  )
  console.log('Wrote package.json and .github/CODEOWNERS.')
}
