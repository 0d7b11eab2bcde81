import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** A terminal of the reader: a folder and variables that stay between commands. */
export interface Terminal extends AsyncDisposable {
  /** The folder that the commands have changed to. */
  readonly folder: () => string
  /** Runs shell commands to their end. Rejects when one fails. */
  readonly run: (script: string) => Promise<void>
  /** Starts shell commands, and resolves when they have printed a URL. Sets the variables that they print. */
  readonly start: (script: string) => Promise<void>
}

/** Options of `openTerminal`. */
export interface TerminalOptions {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** Called with each piece of output. */
  readonly onOutput: (text: string) => void
}

/** Milliseconds that a command may take. */
const maxCommandMs = 300_000
/** Milliseconds without output after which a started server is ready. */
const quietMs = 1_000

/** Opens a terminal. Disposing it ends all commands that still run. */
export function openTerminal({ folder, env, onOutput }: TerminalOptions): Terminal {
  let variables = { ...env }
  let current = folder
  const running = new Set<ChildProcess>()

  const spawnShell = (script: string): ChildProcess =>
    spawn('bash', ['-c', script], {
      cwd: current,
      env: variables,
      // The fourth is for the folder and the variables after the command.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // A group of its own, which can be ended as a whole.
      detached: true,
    })
  /** Passes on output, and collects it. */
  const follow = (child: ChildProcess): (() => string) => {
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        printed += chunk
        onOutput(chunk)
      })
    }
    return () => printed
  }

  const endAll = (): void => running.forEach(endGroup)
  process.once('exit', endAll)
  return {
    folder: () => current,
    async run(script) {
      const child = spawnShell(`set -e\n${script}\n{ pwd; env -0; } >&3`)
      running.add(child)
      const output = follow(child)
      // The fourth entry of `stdio` is a pipe.
      const state = text(child.stdio[3] as Readable)
      const timer = setTimeout(() => endGroup(child), maxCommandMs)
      const [code, signal] = await once(child, 'close')
      clearTimeout(timer)
      running.delete(child)
      if (code !== 0) throw new Error(`Ended with ${code ?? signal}:\n${script}\n${output()}`)
      const [, place = '', assignments = ''] = /^(.*)\n(.*)$/s.exec(await state) ?? []
      current = place
      variables = Object.fromEntries(
        assignments.split('\0').flatMap((assignment) => {
          const at = assignment.indexOf('=')
          return at < 0 ? [] : [[assignment.slice(0, at), assignment.slice(at + 1)]]
        }),
      )
    },
    async start(script) {
      const child = spawnShell(script)
      running.add(child)
      const output = follow(child)
      const deadline = Date.now() + maxCommandMs
      for (let before = ''; !/https?:\/\/\S/.test(output()) || output() !== before; ) {
        before = output()
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`Started no server:\n${script}\n${before}`)
        await new Promise((resolve) => setTimeout(resolve, quietMs))
      }
      for (const [, name = '', value = ''] of output().matchAll(/^export (\w+)=(\S+)$/gm)) {
        variables[name] = value
      }
    },
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', endAll)
      for (const child of running) {
        const closed = child.exitCode === null ? once(child, 'close') : undefined
        endGroup(child)
        await closed
      }
    },
  }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // The group has ended already.
  }
}
