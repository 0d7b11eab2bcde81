import { createClient } from 'typehog'

const staging = createClient()
const production = Number(process.env['PRODUCTION_PROJECT_ID'])

const { onlyHere, different, same } = await staging.featureFlags.compare(production)
for (const key of [...onlyHere, ...different.map((flag) => flag.key)]) {
  const { failed } = await staging.featureFlags.copy(key, {
    to: [production],
    disabled: onlyHere.includes(key),
  })
  console.log(failed.length === 0 ? `${key} copied` : `${key} failed: ${JSON.stringify(failed)}`)
}
console.log(`${same.length} were the same`)
