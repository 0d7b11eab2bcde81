import { createClient, hogql } from 'typehog'

const posthog = createClient()
const maxErrors = Number(process.env['MAX_ERRORS'] ?? 10)
const last = hogql<{ errors: number }>`
  select countIf(event = '$exception') as errors from events where timestamp > now() - interval 1 hour`

const { from = 100 } = await posthog.featureFlags.setRollout('new-checkout', 50)
const { errors = 0 } = (await posthog.hogql(last).one()) ?? {}
if (errors > maxErrors) await posthog.featureFlags.setRollout('new-checkout', from)
console.log(errors > maxErrors ? `${errors} errors: back to ${from} %` : `${errors} errors: stays at 50 %`)
