import type { Finding } from './finding.ts'

/** Milliseconds that a clock may be off before somebody should know. */
const tolerated = 60_000

/**
 * The clock of this machine against the server's.
 *
 * @param date the header `Date` of an answer, which counts whole seconds
 * @param now milliseconds since 1970, in the middle between question and answer
 */
export function checkClock(date: string | null, now: number): Finding {
  const server = Date.parse(date ?? '')
  if (Number.isNaN(server)) {
    return { check: 'clock', state: 'unknown', message: 'The server does not tell its time.' }
  }
  const off = now - server
  if (Math.abs(off) <= tolerated) {
    return { check: 'clock', state: 'ok', message: 'within a minute of the server.' }
  }
  return {
    check: 'clock',
    state: 'warning',
    message: `This machine is ${Math.round(Math.abs(off) / 1_000)} s ${off > 0 ? 'ahead of' : 'behind'} the server.`,
    fix: 'Set the clock, such as by NTP: "now" in your queries is another moment than in PostHog.',
  }
}
