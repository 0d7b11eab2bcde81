import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../node_modules/typescript/lib/tsserver.js', import.meta.url))

/** A position in a file, as editors send it. */
export interface Position {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1. */
  readonly offset: number
}

/** TypeScript's language server, in a process of its own. */
export class LanguageServer implements Disposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Map<number, (body: unknown) => void>()
  #received = Buffer.alloc(0)
  #sent = 0

  constructor(folder: string) {
    const args = [program, '--disableAutomaticTypingAcquisition', '--suppressDiagnosticEvents']
    this.#child = spawn(process.execPath, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
  }

  /** Opens a file, and resolves when its project is loaded. */
  async open(file: string): Promise<void> {
    this.#send('open', { file })
    await this.#request('projectInfo', { file, needFileNameList: false })
  }

  /** Names that complete the text at a position. */
  async completions(position: Position): Promise<string[]> {
    const body = await this.#request('completionInfo', { ...position, triggerCharacter: "'" })
    // The protocol of tsserver: a body with entries, or none where nothing completes the text.
    const { entries } = Object(body) as { readonly entries?: readonly { readonly name: string }[] }
    return (entries ?? []).map(({ name }) => name)
  }

  [Symbol.dispose](): void {
    this.#child.kill()
  }

  #send(command: string, args: object): number {
    this.#sent += 1
    const request = { seq: this.#sent, type: 'request', command, arguments: args }
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    return this.#sent
  }

  #request(command: string, args: object): Promise<unknown> {
    return new Promise((resolve) => {
      this.#waiting.set(this.#send(command, args), resolve)
    })
  }

  /** Messages have a header with their length in bytes. */
  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const text = this.#received.subarray(0, 100).toString('latin1')
      const [head = '', length] = /^\s*Content-Length: (\d+)\r\n\r\n/.exec(text) ?? []
      const end = head.length + Number(length)
      if (length === undefined || this.#received.length < end) return
      const message = JSON.parse(this.#received.subarray(head.length, end).toString('utf8'))
      this.#received = this.#received.subarray(end)
      if (message.type !== 'response') continue
      this.#waiting.get(message.request_seq)?.(message.body)
      this.#waiting.delete(message.request_seq)
    }
  }
}
