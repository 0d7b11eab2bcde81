import { createClient } from 'typehog'

const posthog = createClient.optional() // forks have no key
const version = process.env['GITHUB_SHA']?.slice(0, 7) ?? 'a new version'
const note = await posthog?.annotations.markDeploy({ version })
console.log(note === undefined ? 'No key: nothing marked' : `Marked: ${note.content}`)
