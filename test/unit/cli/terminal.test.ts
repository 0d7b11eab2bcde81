import { describe, expect, it } from 'vitest'
import { writeAndDrain } from '../../../src/cli/output/terminal.ts'

describe('writeAndDrain', () => {
  it('waits for a slow reader, or until the user aborts', async () => {
    const { signal } = new AbortController()
    let drain = (): void => {}
    const once = (_: 'drain', listener: () => void): void => {
      drain = listener
    }
    const slow = { write: () => false, once }
    const order: string[] = []
    const writing = writeAndDrain(slow, 'x', signal).then(() => order.push('written'))
    await Promise.resolve()
    order.push('drained')
    drain()
    await writing
    expect(order).toEqual(['drained', 'written'])
    const abort = new AbortController()
    const stuck = writeAndDrain(slow, 'x', abort.signal)
    abort.abort(new Error('aborted'))
    await expect(stuck).rejects.toThrow('aborted')
    await expect(writeAndDrain(slow, 'x', abort.signal)).rejects.toThrow('aborted')
  })
})
