import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askOnTerminal } from '../../../src/cli/prompt.ts'

function terminal(): { readonly input: PassThrough; readonly output: PassThrough; ask(): Promise<unknown> } {
  const input = new PassThrough()
  const output = new PassThrough()
  const abort = new AbortController()
  const interrupt = (): void => abort.abort()
  return {
    input,
    output,
    ask: () => askOnTerminal('Project [1]: ', { input, output }, abort.signal, interrupt),
  }
}

describe('askOnTerminal', () => {
  it('shows the question and returns the answer, more than once', async () => {
    const { input, output, ask } = terminal()
    const first = ask()
    input.write('2\n')
    expect(await first).toBe('2')
    const second = ask()
    input.write('\n')
    expect(await second).toBe('')
    expect(String(output.read())).toBe('Project [1]: Project [1]: ')
  })

  it('shows nothing of a hidden answer', async () => {
    const streams = { input: new PassThrough(), output: new PassThrough() }
    const answer = askOnTerminal('Key: ', streams, new AbortController().signal, () => {}, true)
    streams.input.write('phx_secret\n')
    expect(await answer).toBe('phx_secret')
    expect(String(streams.output.read())).toBe('Key: \n')
  })

  it('turns off the echo of the terminal before it asks for a hidden answer', async () => {
    const events: string[] = []
    const input = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: (isRaw: boolean) => void events.push(`raw ${isRaw}`),
    })
    const output = new PassThrough()
    output.on('data', (chunk) => events.push(String(chunk)))
    const answer = askOnTerminal('Key: ', { input, output }, new AbortController().signal, () => {}, true)
    input.write('phx_secret\r')
    expect(await answer).toBe('phx_secret')
    expect(events.slice(0, 2)).toEqual(['raw true', 'Key: '])
  })

  it('returns undefined at the end of the input', async () => {
    const { input, ask } = terminal()
    const answer = ask()
    input.end()
    expect(await answer).toBeUndefined()
  })

  it('rejects after an abort', async () => {
    const abort = new AbortController()
    const streams = { input: new PassThrough(), output: new PassThrough() }
    const answer = askOnTerminal('Project: ', streams, abort.signal, () => {})
    abort.abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  })
})
