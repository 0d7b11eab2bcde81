/** Columns of the answer, as pairs of name and type. */
const types = [
  ['uuid', 'UUID'],
  ['timestamp', "DateTime64(6, 'UTC')"],
  ['event', 'String'],
  ['distinct_id', 'String'],
  ['views', 'UInt64'],
  ['url', 'Nullable(String)'],
  ['browser', 'Nullable(String)'],
  ['score', 'Float64'],
] as const

/** An answer of PostHog to a query: rows of events until it is as long as that, its types behind them. */
export function rowsBody(megabytes: number): { readonly body: Buffer; readonly rows: number } {
  const parts = [`{"columns":${JSON.stringify(types.map(([name]) => name))},"error":null,"results":[`]
  const end = `],"hasMore":false,"limit":50000000,"timings":[],"types":${JSON.stringify(types)}}`
  let length = 0
  let rows = 0
  for (; length < megabytes * 1e6; rows++) {
    const row = JSON.stringify(rowOf(rows))
    parts.push(rows === 0 ? row : `,${row}`)
    length += row.length + 1
  }
  return { body: Buffer.from([...parts, end].join('')), rows }
}

/** The answer to a query for no rows. */
export const emptyBody: string = `{"columns":${JSON.stringify(types.map(([name]) => name))},"results":[],"types":${JSON.stringify(types)}}`

function rowOf(n: number): unknown[] {
  const id = n.toString(16).padStart(12, '0')
  return [
    `0198f2a0-7b3c-7d1e-8f90-${id}`,
    new Date(1_770_000_000_000 + n * 1_000).toISOString(),
    n % 3 === 0 ? 'purchase completed' : '$pageview',
    `user_${n % 5_000}`,
    n * 7,
    `https://example.com/products/${n}?utm="x"\\y`,
    n % 4 === 0 ? null : 'Chrome',
    n / 7,
  ]
}
