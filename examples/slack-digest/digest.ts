// A weekly digest for a Slack channel: run it on Mondays, with SLACK_WEBHOOK_URL and PostHog's variables set.
import { createClient, type HogQL, hogql } from 'typehog'

const webhook = process.env['SLACK_WEBHOOK_URL']
if (webhook === undefined) throw new Error('SLACK_WEBHOOK_URL is not set.')

const posthog = createClient()
interface Figures {
  readonly people: number
  readonly signups: number
  readonly revenue: number
}
/** The figures of the seven days that ended `daysAgo` days ago. */
function figures(daysAgo: number): HogQL<Figures> {
  const to = Date.now() - daysAgo * 86_400_000
  const [from, until] = [new Date(to - 7 * 86_400_000), new Date(to)]
  return hogql<Figures>`
    select count(distinct person_id) as people, countIf(event = 'sign_up') as signups,
      coalesce(sumIf(properties.amount, event = 'purchase'), 0) as revenue
    from events where timestamp >= ${from} and timestamp < ${until}`
}
const { current, earlier } = await posthog.hogql.all({ current: figures(0), earlier: figures(7) })

function line(title: string, name: keyof Figures): string {
  const [value = 0, before = 0] = [current, earlier].map(({ rows }) => rows[0]?.[name])
  const percent = Math.round((value / before - 1) * 100)
  const change = before === 0 ? '' : ` (${percent < 0 ? '' : '+'}${percent} %)`
  return `• ${title}: *${value.toLocaleString('en-US')}*${change}`
}
const lines = [line('People', 'people'), line('Sign-ups', 'signups'), line('Revenue, USD', 'revenue')]
const response = await fetch(webhook, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ text: ['Last week:', ...lines].join('\n') }),
})
if (!response.ok) throw new Error(`Slack answered ${response.status}: ${await response.text()}`)
console.log('The digest was sent.')
