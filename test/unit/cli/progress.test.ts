import { describe, expect, it } from 'vitest'
import { createProgress, type ProgressOptions } from '../../../src/cli/output/progress.ts'

function shown(mode: ProgressOptions['mode'], ticks: number, columns?: number): string {
  let text = ''
  const stderr = { write: (part: string) => (text += part) }
  const progress = createProgress('Reading endpoints', ticks, { stderr, mode, columns })
  for (let tick = 0; tick < ticks; tick += 1) progress.tick()
  progress.finish()
  return text
}

describe('createProgress', () => {
  it('rewrites one line on a terminal and leaves it empty', () => {
    const text = shown('rewrite', 2)
    expect(text).not.toContain('\n')
    expect(text.split('\r\u001b[2K')).toEqual([
      '',
      'Reading endpoints 0/2',
      'Reading endpoints 1/2',
      'Reading endpoints 2/2',
      '',
    ])
  })

  it('never fills the line, which would wrap it', () => {
    for (const line of shown('rewrite', 3, 10).split('\r\u001b[2K')) expect(line.length).toBeLessThan(10)
  })

  it('writes a line for every ten without a terminal', () => {
    expect(shown('lines', 25)).toBe('Reading endpoints 10/25\nReading endpoints 20/25\n')
  })

  it('says nothing when it is off, or when there is nothing to do', () => {
    expect(shown('off', 30)).toBe('')
    expect(shown('rewrite', 0)).toBe('')
  })
})
