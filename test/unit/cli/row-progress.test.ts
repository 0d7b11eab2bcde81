import { describe, expect, it } from 'vitest'
import { createRowProgress, rowProgressText } from '../../../src/cli/output/row-progress.ts'
import { writeAll } from '../../../src/cli/output/write-all.ts'

/** Updates at these moments, in milliseconds. */
function show(mode: 'rewrite' | 'lines' | 'off', moments: readonly number[]): string {
  let text = ''
  let at = 0
  const stderr = {
    write: (piece: string) => {
      text += piece
    },
  }
  const progress = createRowProgress({ stderr, mode, columns: 80 }, () => at)
  for (const moment of moments) {
    at = moment
    progress.update(moment, undefined)
  }
  progress.finish()
  return text
}

describe('the progress of rows', () => {
  it('is a line with a bar where it is known how many there are', () => {
    expect(rowProgressText(12_345, 0.25)).toBe(`12,345 rows  [######${'·'.repeat(18)}]  25 %`)
    expect(rowProgressText(0, 0)).toBe(`0 rows  [${'·'.repeat(24)}]   0 %`)
    expect(rowProgressText(9, 1)).toBe(`9 rows  [${'#'.repeat(24)}] 100 %`)
    expect(rowProgressText(7, undefined)).toBe('7 rows')
  })

  it('rewrites a line of a terminal ten times a second, and wipes it', () => {
    const clear = '\r\u001b[2K'
    expect(show('rewrite', [0, 50, 99, 100, 150, 250])).toBe(
      `${clear}0 rows${clear}100 rows${clear}250 rows${clear}`,
    )
    expect(show('rewrite', [])).toBe('')
  })

  it('is a line now and then elsewhere, and none when it is to be quiet', () => {
    expect(show('lines', [0, 100, 4_999])).toBe('')
    expect(show('lines', [0, 5_000, 6_000, 10_000])).toBe('5,000 rows\n10,000 rows\n')
    expect(show('off', [0, 5_000, 60_000])).toBe('')
  })
})

describe('writing to a slow reader', () => {
  it('waits until it is ready, or until the user has enough', async () => {
    const { signal } = new AbortController()
    let drain = (): void => {}
    const once = (_: 'drain', told: () => void): void => {
      drain = told
    }
    const slow = { write: () => false, once }
    const order: string[] = []
    const writing = writeAll(slow, 'x', signal).then(() => order.push('written'))
    await Promise.resolve()
    order.push('drained')
    drain()
    await writing
    expect(order).toEqual(['drained', 'written'])
    const abort = new AbortController()
    const stuck = writeAll(slow, 'x', abort.signal)
    abort.abort(new Error('enough'))
    await expect(stuck).rejects.toThrow('enough')
    await expect(writeAll(slow, 'x', abort.signal)).rejects.toThrow('enough')
  })
})
