import { baseline } from './contestants.ts'

/** One line of the table of everything. */
export type Line = readonly [what: string, measured: string, beside: string, ratio: string, target: string]

interface Named {
  readonly name: string
}

interface OverheadReport {
  readonly results: Readonly<Record<string, readonly (Named & { cpuMicros: number; ratio: number })[]>>
}

interface ImportsReport {
  readonly results: readonly (Named & { ms: number; overMs: number })[]
}

interface SizesReport {
  readonly results: readonly (Named & { bytes: number })[]
}

interface TypesReport {
  readonly results: readonly (Named & {
    checkMs: number
    totalMs: number
    ratio: number
    instantiations: number
    memoryMB: number
  })[]
}

interface CompletionsReport {
  readonly results: readonly (Named & { firstMs: number; secondMs: number; ratio: number })[]
}

interface RowsReport {
  readonly results: readonly (Named & { megabytesPerSecond: number; ratio: number; peakMiB: number })[]
}

type PagesResult = Named & { readonly pagesPerSecond: number; readonly ratio: number }

interface PagesReport {
  readonly results: readonly PagesResult[]
  readonly parallelResults: readonly PagesResult[]
  /** Maximum time of a parallel list, relative to the first. */
  readonly maxPart: number
}

interface ExportReport {
  readonly rows: number
  readonly kills: number
  readonly rowsPerMs: number
  readonly peakMiB: number
  readonly right: boolean
}

/** What each part reports, by its name. */
export interface Reports {
  readonly overhead: OverheadReport
  readonly imports: ImportsReport
  readonly sizes: SizesReport
  readonly types: TypesReport
  readonly completions: CompletionsReport
  readonly rows: RowsReport
  readonly pages: PagesReport
  readonly export: ExportReport
}

/** The lines of each part: the package first, then peers. */
export const linesOf: { readonly [Part in keyof Reports]: (report: Reports[Part]) => Line[] } = {
  overhead: ({ results }) =>
    Object.entries(results).flatMap(([load, list]) => {
      const bare = list.find(({ name }) => name === 'fetch')?.cpuMicros ?? Number.NaN
      return list
        .filter(({ name }) => !baseline.includes(name))
        .map(
          ({ name, cpuMicros, ratio }): Line => [
            `request, ${load}: ${name}`,
            `${cpuMicros.toFixed(0)} µs CPU`,
            `fetch: ${bare.toFixed(0)}`,
            ratio.toFixed(2),
            '',
          ],
        )
    }),
  imports: ({ results }) => {
    const bareOf = (name: string): number =>
      msOf(results, name.endsWith(', required') ? 'nothing, required' : 'nothing')
    return results
      .filter(({ name }) => !name.startsWith('nothing'))
      .map(
        ({ name, ms, overMs }): Line => [
          `start of a process: ${name}`,
          `${overMs.toFixed(1)} ms more`,
          `Node: ${bareOf(name).toFixed(1)}`,
          (ms / bareOf(name)).toFixed(2),
          name.startsWith('typehog') ? 'at most 18 ms' : '',
        ],
      )
  },
  sizes: ({ results }) => {
    const peer = results.find(({ name }) => name === 'openai')?.bytes ?? Number.NaN
    return results.map(
      ({ name, bytes }): Line => [
        `size, compressed: ${name}`,
        `${bytes} bytes`,
        `openai: ${peer}`,
        (bytes / peer).toFixed(2),
        '',
      ],
    )
  },
  types: ({ results }) => {
    const [hand, own] = ['by-hand', 'with-typehog'].map((name) => results.find((it) => it.name === name))
    if (hand === undefined || own === undefined) return []
    const line = (
      what: string,
      field: 'totalMs' | 'checkMs' | 'instantiations' | 'memoryMB',
      unit: string,
    ): Line => [
      `type check: ${what}`,
      `${own[field].toFixed(0)}${unit}`,
      `by hand: ${hand[field].toFixed(0)}`,
      (field === 'totalMs' ? own.ratio : own[field] / hand[field]).toFixed(2),
      field === 'memoryMB' ? '' : 'at most 1.5',
    ]
    return [
      line('all of it', 'totalMs', ' ms'),
      line('without reading files', 'checkMs', ' ms'),
      line('instantiations', 'instantiations', ''),
      line('memory', 'memoryMB', ' MB'),
    ]
  },
  completions: ({ results }) => {
    const [hand, own] = ['by-hand', 'with-typehog'].map((name) => results.find((it) => it.name === name))
    if (hand === undefined || own === undefined) return []
    const line = (what: string, field: 'firstMs' | 'secondMs', ratio: number): Line => [
      `completions of routes: ${what}`,
      `${own[field].toFixed(0)} ms`,
      `by hand: ${hand[field].toFixed(0)}`,
      ratio.toFixed(2),
      'at most 250 ms',
    ]
    return [
      line('the first', 'firstMs', own.ratio),
      line('the next', 'secondMs', own.secondMs / hand.secondMs),
    ]
  },
  rows: ({ results }) => {
    const [base] = results
    return results
      .slice(1)
      .map(
        ({ name, megabytesPerSecond, ratio, peakMiB }): Line => [
          `rows: ${name}`,
          `${megabytesPerSecond.toFixed(0)} MB/s, ${peakMiB.toFixed(0)} MiB`,
          `JSON.parse: ${base?.megabytesPerSecond.toFixed(0)}, ${base?.peakMiB.toFixed(0)}`,
          ratio.toFixed(2),
          '',
        ],
      )
  },
  pages: ({ results, parallelResults, maxPart }) => [
    ...pageLines(results, 'loop over fetch', ''),
    ...pageLines(parallelResults, 'one by one', `at least ${(1 / maxPart).toFixed(1)}`),
  ],
  export: ({ rows, kills, rowsPerMs, peakMiB, right }) => [
    [
      `export: ${rows} events, killed ${kills} times`,
      `${rowsPerMs.toFixed(0)} rows/ms, ${peakMiB.toFixed(0)} MiB`,
      `sums of ClickHouse: ${right ? 'the same' : 'NOT THE SAME'}`,
      '',
      'the same',
    ],
  ],
}

function pageLines(results: readonly PagesResult[], baseline: string, target: string): Line[] {
  const base = results[0]?.pagesPerSecond ?? Number.NaN
  return results
    .slice(1)
    .map(
      ({ name, pagesPerSecond, ratio }): Line => [
        `list: ${name}`,
        `${pagesPerSecond.toFixed(0)} pages/s`,
        `${baseline}: ${base.toFixed(0)}`,
        ratio.toFixed(2),
        name.startsWith('typehog') ? target : '',
      ],
    )
}

function msOf(results: ImportsReport['results'], name: string): number {
  return results.find((it) => it.name === name)?.ms ?? Number.NaN
}
