import { type EndpointSchedule, scheduleSeconds } from '../../shared/endpoint-definition.ts'

/** The known schedules. */
export const schedules: readonly EndpointSchedule[] = Object.keys(scheduleSeconds).filter(isSchedule)

/** PostHog's schedule of an endpoint that was created without one (products/endpoints/backend/logic/crud.py). */
export const defaultSchedule: EndpointSchedule = '24hour'

/** Whether a value is the name of a schedule. */
export function isSchedule(value: unknown): value is EndpointSchedule {
  return typeof value === 'string' && Object.hasOwn(scheduleSeconds, value)
}

/** Returns the seconds of a schedule. */
export function toFreshnessSeconds(schedule: EndpointSchedule): number {
  return scheduleSeconds[schedule]
}

/** Returns the schedule of a number of seconds; undefined for a number that PostHog's CLI does not name. */
export function toSchedule(freshnessSeconds: unknown): EndpointSchedule | undefined {
  return schedules.find((schedule) => scheduleSeconds[schedule] === freshnessSeconds)
}
