/** Maths whose result does not grow with the number of events. */
const UNSCALED = ['avg', 'min', 'max', 'median', 'p75', 'p90', 'p95', 'p99']

/** Scales a number of a sample of events to all events. `sum` and counts grow; averages and quantiles stay. */
export function scaleSample(value: number, factor: number, math?: unknown): number {
  if (factor === 1 || UNSCALED.includes(String(math))) return value
  return Math.round(value / factor)
}
