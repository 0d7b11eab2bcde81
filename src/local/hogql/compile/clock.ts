import { stringLiteral } from '../../engine/sql-values.ts'
import type { CompileOptions } from './context.ts'
import type { Sql } from './sql.ts'

/** Functions of the current time. They read the clock of the local PostHog, not that of the engine. */
export function compileClock(name: string, args: readonly Sql[], options: CompileOptions): Sql | undefined {
  const { now, timeZone, convertTimeZone } = options
  const zone = stringLiteral(convertTimeZone ? timeZone : 'UTC')
  const time = now.toISOString().replace('T', ' ').replace('Z', '')
  const at = (scale: string): string => `toTimeZone(toDateTime64('${time}', ${scale}, 'UTC'), ${zone})`
  const day = (offset: number): string =>
    `toDate('${new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10)}')`
  switch (name.toLowerCase()) {
    case 'now':
    case 'now64':
    case 'current_timestamp':
    case 'nowinblock':
      return { sql: at(args[0]?.sql ?? '6'), type: 'DateTime', nullable: false }
    case 'today':
    case 'current_date':
      return { sql: day(0), type: 'Date', nullable: false }
    case 'yesterday':
      return { sql: day(-1), type: 'Date', nullable: false }
    default:
      return undefined
  }
}
