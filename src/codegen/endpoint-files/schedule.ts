import type { EndpointSchedule } from '../../shared/endpoint-definition.ts'

/** Seconds of `data_freshness_seconds` by schedule, as PostHog's CLI names them (cli/src/experimental/endpoints/mod.rs). */
const seconds: Readonly<Record<EndpointSchedule, number>> = {
  '15min': 900,
  '30min': 1_800,
  '1hour': 3_600,
  '6hour': 21_600,
  '12hour': 43_200,
  '24hour': 86_400,
  '7day': 604_800,
}

/** The known schedules. */
export const schedules: readonly EndpointSchedule[] = Object.keys(seconds).filter(isSchedule)

/** PostHog's schedule of an endpoint that was created without one (products/endpoints/backend/logic/crud.py). */
export const defaultSchedule: EndpointSchedule = '24hour'

/** Whether a value is the name of a schedule. */
export function isSchedule(value: unknown): value is EndpointSchedule {
  return typeof value === 'string' && Object.hasOwn(seconds, value)
}

/** Returns the seconds of a schedule. */
export function toFreshnessSeconds(schedule: EndpointSchedule): number {
  return seconds[schedule]
}

/** Returns the schedule of a number of seconds; undefined for a number that PostHog's CLI does not name. */
export function toSchedule(freshnessSeconds: unknown): EndpointSchedule | undefined {
  return schedules.find((schedule) => seconds[schedule] === freshnessSeconds)
}
