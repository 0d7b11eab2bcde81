import { type SeededRandom, seededRandom } from './random.ts'

/*
 * The sample data: 90 days of events of a small software product with a pricing page.
 *
 * - Persons: one per 20 events, each with a home country, browser and operating system. Three in five are
 *   identified (email, name, plan); the others have never signed in.
 * - Events come in visits of one to nine events: a `$pageview` first, then mainly page views and clicks
 *   (`$autocapture`), sometimes `feature_used`, `sign_up`, `purchase` or `$pageleave`. Weekends are quieter.
 * - Event properties: `$browser`, `$os`, `$device_type`, `$current_url`, `$pathname`, `$host`, `$referring_domain`,
 *   `$session_id`, `$geoip_country_code`, `country`; `plan` on sign-ups and purchases; `amount` (number, US dollars),
 *   `currency`, `quantity` (number) and `is_first_purchase` (boolean) on purchases; `feature` on `feature_used`.
 * - Person properties: `email`, `name`, `plan`, `country`, `is_paying` (boolean), `seats` (number).
 *
 * The same seed, count and start give the same rows.
 */

export interface SamplePerson {
  readonly id: string
  readonly distinctId: string
  readonly createdAt: Date
  readonly identified: boolean
  readonly properties: Readonly<Record<string, unknown>>
  readonly country: string
  readonly device: Device
}

export interface SampleEvent {
  readonly uuid: string
  readonly event: string
  readonly timestamp: Date
  readonly sessionId: string
  readonly person: SamplePerson
  readonly properties: Readonly<Record<string, unknown>>
}

const DAY_MS = 86_400_000
const DAYS = 90
/** Number of events between two reports of progress. */
const PROGRESS_STEP = 5_000

const COUNTRIES = [
  ['US', 38],
  ['DE', 14],
  ['GB', 12],
  ['FR', 9],
  ['BR', 8],
  ['IN', 8],
  ['JP', 6],
  ['CA', 5],
] as const
type Device = readonly [browser: string, os: string, type: string]

const DEVICES: readonly (readonly [Device, number])[] = [
  [['Chrome', 'Mac OS X', 'Desktop'], 30],
  [['Chrome', 'Windows', 'Desktop'], 24],
  [['Safari', 'Mac OS X', 'Desktop'], 12],
  [['Mobile Safari', 'iOS', 'Mobile'], 14],
  [['Firefox', 'Linux', 'Desktop'], 8],
  [['Chrome', 'Android', 'Mobile'], 8],
  [['Microsoft Edge', 'Windows', 'Desktop'], 4],
]
const PATHS = [
  ['/', 30],
  ['/pricing', 16],
  ['/docs', 18],
  ['/blog', 12],
  ['/login', 10],
  ['/dashboard', 14],
] as const
const PLANS = [
  ['free', 60],
  ['pro', 30],
  ['enterprise', 10],
] as const
const PRICES: Readonly<Record<string, number>> = { free: 9, pro: 29, enterprise: 199 }
const REFERRERS = [
  ['$direct', 45],
  ['www.google.com', 30],
  ['github.com', 15],
  ['news.ycombinator.com', 10],
] as const
const FOLLOW_UPS = [
  ['$pageview', 44],
  ['$autocapture', 34],
  ['feature_used', 10],
  ['sign_up', 4],
  ['purchase', 4],
  ['$pageleave', 4],
] as const
const FIRST_NAMES = [
  'Ada',
  'Bo',
  'Chidi',
  'Dana',
  'Eli',
  'Farah',
  'Goran',
  'Hana',
  'Ivo',
  'Jun',
  'Kai',
  'Lena',
] as const

/** Generates the sample data. `count` is the number of events, and determines the number of persons. */
export function generateSampleData(
  seed: number,
  count: number,
  now: Date,
  onProgress: (fraction: number) => void = () => {},
): { persons: SamplePerson[]; events: SampleEvent[] } {
  const random = seededRandom(seed)
  const start = now.getTime() - DAYS * DAY_MS
  const persons = Array.from({ length: Math.max(1, Math.ceil(count / 20)) }, (_, index) =>
    samplePerson(random, index, start),
  )
  const events: SampleEvent[] = []
  let reported = 0
  while (events.length < count) {
    const visit = sampleVisit(random, random.pick(persons), start, now.getTime())
    events.push(...visit.slice(0, count - events.length))
    if (events.length >= reported + PROGRESS_STEP) {
      reported = events.length
      onProgress(reported / count)
    }
  }
  return { persons, events: events.sort((a, b) => a.timestamp.getTime() - b.timestamp.getTime()) }
}

function samplePerson(random: SeededRandom, index: number, start: number): SamplePerson {
  const country = random.weighted(COUNTRIES)
  const identified = random.next() < 0.6
  const plan = random.weighted(PLANS)
  const name = random.pick(FIRST_NAMES)
  const properties = identified
    ? {
        email: `${name.toLowerCase()}${index}@example.com`,
        name,
        plan,
        country,
        is_paying: plan !== 'free',
        seats: plan === 'enterprise' ? 20 + random.below(80) : 1 + random.below(5),
      }
    : { country }
  return {
    id: random.uuid(),
    distinctId: identified ? `user_${index}` : random.uuid(),
    createdAt: new Date(start + random.below((DAYS - 1) * DAY_MS)),
    identified,
    properties,
    country,
    device: random.weighted(DEVICES),
  }
}

function sampleVisit(random: SeededRandom, person: SamplePerson, start: number, end: number): SampleEvent[] {
  const created = Math.max(start, person.createdAt.getTime())
  let at = created + random.below(Math.max(1, end - created))
  const weekday = new Date(at).getUTCDay()
  if ((weekday === 0 || weekday === 6) && random.next() < 0.5) return []
  const sessionId = random.uuid()
  const referrer = random.weighted(REFERRERS)
  const events: SampleEvent[] = []
  const length = 1 + random.below(9)
  for (let step = 0; step < length && at < end; step += 1) {
    const event = step === 0 ? '$pageview' : random.weighted(FOLLOW_UPS)
    const properties = {
      ...commonProperties(random, person, sessionId, referrer),
      ...eventProperties(random, event, person),
    }
    events.push({ uuid: random.uuid(), event, timestamp: new Date(at), sessionId, person, properties })
    at += 1_000 + random.below(180_000)
  }
  return events
}

function commonProperties(
  random: SeededRandom,
  person: SamplePerson,
  sessionId: string,
  referrer: string,
): object {
  const path = random.weighted(PATHS)
  const [browser, os, type] = person.device
  return {
    $browser: browser,
    $os: os,
    $device_type: type,
    $host: 'example.com',
    $pathname: path,
    $current_url: `https://example.com${path}`,
    $referring_domain: referrer,
    $session_id: sessionId,
    $geoip_country_code: person.country,
    country: person.country,
  }
}

function eventProperties(random: SeededRandom, event: string, person: SamplePerson): object {
  const plan = typeof person.properties['plan'] === 'string' ? person.properties['plan'] : 'free'
  if (event === 'sign_up') return { plan, method: random.pick(['email', 'google', 'github']) }
  if (event === 'feature_used') return { feature: random.pick(['export', 'share', 'alert', 'search']) }
  if (event === 'purchase') {
    const quantity = 1 + random.below(3)
    const amount = (PRICES[plan] ?? 9) * quantity
    return { plan, amount, quantity, currency: 'USD', is_first_purchase: random.next() < 0.4 }
  }
  if (event === '$autocapture')
    return { $event_type: 'click', $el_text: random.pick(['Sign up', 'Learn more', 'Save', 'Next']) }
  return {}
}
