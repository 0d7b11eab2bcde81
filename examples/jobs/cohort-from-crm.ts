import { readFile } from 'node:fs/promises'
import { createClient } from 'typehog'

// Usage: node cohort-from-crm.js <file with one email address per line>
const posthog = createClient()
const text = await readFile(process.argv[2] ?? 'crm.txt', 'utf8')
const emails = text.split('\n').filter((line) => line.includes('@'))

const { cohort, added, missing } = await posthog.cohorts.createStatic({ name: 'CRM: to renew', emails })
console.log(
  `Cohort ${cohort.id}: ${added} persons; nobody has ${missing.emails.join(', ') || 'none missing'}`,
)
