/** A function that HogQL accepts. Source: PostHog's own table of functions. */
export interface HogqlFunction {
  /** Name in ClickHouse. */
  readonly clickhouse: string
  /** Number of arguments. */
  readonly min: number
  /** Undefined: any number. */
  readonly max: number | undefined
  /** Number of parameters in front of the arguments, as in `quantile(0.9)(x)`. */
  readonly parameters?: readonly [min: number, max: number | undefined]
  readonly aggregate?: true
  /** Whether the name must be written in exactly this case. */
  readonly caseSensitive?: true
  /** Whether PostHog appends the time zone of the project. */
  readonly timeZone?: true
  /** Other ClickHouse names by the type of the first argument. */
  readonly overloads?: Readonly<Partial<Record<'String' | 'Integer' | 'Float' | 'Date' | 'DateTime', string>>>
  /** Arguments in SQL that PostHog appends. */
  readonly suffix?: readonly string[]
}
