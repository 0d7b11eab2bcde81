import { parseArgs } from 'node:util'
import { countOf } from './harness/arguments.ts'
import { createContestants } from './harness/contestants.ts'
import { load } from './harness/load.ts'
import { type Profile, profile, type Times } from './harness/profile.ts'
import { startServer } from './harness/start-server.ts'
import { table } from './harness/table.ts'

// Where the CPU of one contestant goes, beside bare `fetch`. See README.md beside this file.

const { values } = parseArgs({
  options: {
    contestant: { type: 'string', default: 'typehog' },
    requests: { type: 'string', default: '20000' },
    'in-flight': { type: 'string', default: '64' },
    top: { type: 'string', default: '25' },
    build: { type: 'string' },
  },
})
const requests = countOf('requests', values.requests)
const inFlight = countOf('in-flight', values['in-flight'])
const top = countOf('top', values.top)

const server = await startServer()
try {
  const contestants = await createContestants(['fetch', values.contestant], server.url, values.build)
  const profiles: Profile[] = []
  for (const contestant of contestants) {
    await load(contestant, Math.ceil(requests / 4), inFlight)
    profiles.push(await profile(() => load(contestant, requests, inFlight)))
  }
  console.log(`µs per request, ${inFlight} in flight\n`)
  print('part', profiles, ({ parts }) => parts)
  print('function, without what it calls', profiles, ({ functions }) => functions)
  print('step of the package > what it called', profiles, ({ steps }) => steps)
} finally {
  server.stop()
}

/** Both profiles side by side, what the contestant spends most on top of `fetch` first. */
function print(title: string, profiles: readonly Profile[], pick: (profile: Profile) => Times): void {
  const times = profiles.map(pick)
  const rows = [...new Set(times.flatMap((each) => [...each.keys()]))]
    .map((name) => ({ name, micros: times.map((each) => (each.get(name) ?? 0) / requests) }))
    .map(({ name, micros: [base = 0, own = 0] }) => ({ name, base, own, more: own - base }))
    .sort((a, b) => b.more - a.more)
    .slice(0, top)
    .map(({ name, ...micros }) => [name, ...Object.values(micros).map((value) => value.toFixed(1))])
  console.log(`${table([title, 'fetch', values.contestant, 'more'], rows)}\n`)
}
