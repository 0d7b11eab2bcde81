import { describe, expect, it } from 'vitest'
import {
  createProgressDisplay,
  createRowProgress,
  type ProgressOptions,
  rowProgressText,
} from '../../../src/cli/output/progress.ts'

function stepOutput(mode: ProgressOptions['mode'], ticks: number, columns?: number): string {
  let text = ''
  const stderr = { write: (chunk: string) => (text += chunk) }
  const progress = createProgressDisplay({ stderr, mode, columns }).start('Reading endpoints', ticks)
  for (let tick = 0; tick < ticks; tick += 1) progress.tick()
  progress.finish()
  return text
}

describe('createProgressDisplay', () => {
  it('rewrites one line on a terminal and erases it at the end', () => {
    const text = stepOutput('rewrite', 2)
    expect(text).not.toContain('\n')
    expect(text.split('\r\u001b[2K')).toEqual([
      '',
      'Reading endpoints 0/2',
      'Reading endpoints 1/2',
      'Reading endpoints 2/2',
      '',
    ])
  })

  it('stays shorter than the terminal, so that the line does not wrap', () => {
    for (const line of stepOutput('rewrite', 3, 10).split('\r\u001b[2K')) expect(line.length).toBeLessThan(10)
  })

  it('writes a line every ten steps without a terminal', () => {
    expect(stepOutput('lines', 25)).toBe('Reading endpoints 10/25\nReading endpoints 20/25\n')
  })

  it('writes nothing when it is off or has no steps', () => {
    expect(stepOutput('off', 30)).toBe('')
    expect(stepOutput('rewrite', 0)).toBe('')
  })

  it('shows concurrent progresses in one line, below other output', () => {
    let text = ''
    const stderr = { write: (chunk: string) => (text += chunk) }
    const display = createProgressDisplay({ stderr, mode: 'rewrite', columns: 80 })
    const endpoints = display.start('Reading endpoints', 1)
    const queries = display.start('Reading queries', 2)
    display.above(() => stderr.write('Loading the schema\n'))
    endpoints.finish()
    queries.tick()
    queries.finish()
    display.above(() => stderr.write('Done\n'))
    const both = 'Reading endpoints 0/1, Reading queries 0/2'
    expect(text.split('\r\u001b[2K')).toEqual([
      '',
      'Reading endpoints 0/1',
      both,
      'Loading the schema\n',
      both,
      'Reading queries 0/2',
      'Reading queries 1/2',
      'Done\n',
    ])
  })
})

/** Output after updates at these times, in milliseconds. */
function rowOutput(mode: 'rewrite' | 'lines' | 'off', times: readonly number[]): string {
  let text = ''
  let clock = 0
  const stderr = { write: (chunk: string) => (text += chunk) }
  const progress = createRowProgress({ stderr, mode, columns: 80 }, () => clock)
  for (const time of times) {
    clock = time
    progress.update(time, undefined)
  }
  progress.finish()
  return text
}

describe('createRowProgress', () => {
  it('shows a bar when the fraction is known', () => {
    expect(rowProgressText(12_345, 0.25)).toBe(`12,345 rows  [######${'·'.repeat(18)}]  25 %`)
    expect(rowProgressText(0, 0)).toBe(`0 rows  [${'·'.repeat(24)}]   0 %`)
    expect(rowProgressText(9, 1)).toBe(`9 rows  [${'#'.repeat(24)}] 100 %`)
    expect(rowProgressText(7, undefined)).toBe('7 rows')
  })

  it('rewrites a terminal line up to ten times a second and erases it at the end', () => {
    const clear = '\r\u001b[2K'
    expect(rowOutput('rewrite', [0, 50, 99, 100, 150, 250])).toBe(
      `${clear}0 rows${clear}100 rows${clear}250 rows${clear}`,
    )
    expect(rowOutput('rewrite', [])).toBe('')
  })

  it('writes a line every five seconds to a log, and nothing when it is off', () => {
    expect(rowOutput('lines', [0, 100, 4_999])).toBe('')
    expect(rowOutput('lines', [0, 5_000, 6_000, 10_000])).toBe('5,000 rows\n10,000 rows\n')
    expect(rowOutput('off', [0, 5_000, 60_000])).toBe('')
  })
})
