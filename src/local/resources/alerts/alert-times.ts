/** When an alert is looked at next: at the start of its next interval. */
export function nextCheck(interval: unknown, now: Date): string {
  const next = new Date(now)
  next.setUTCMinutes(0, 0, 0)
  if (interval === 'hourly') next.setUTCHours(next.getUTCHours() + 1)
  else {
    next.setUTCHours(0)
    if (interval === 'monthly') next.setUTCMonth(next.getUTCMonth() + 1, 1)
    else if (interval === 'weekly') next.setUTCDate(next.getUTCDate() + ((8 - next.getUTCDay()) % 7 || 7))
    else next.setUTCDate(next.getUTCDate() + 1)
  }
  return next.toISOString()
}
