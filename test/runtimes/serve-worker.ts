import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { binaries } from './install.ts'
import type { ProgramFolder } from './smoke/program.ts'

/** A worker that workerd serves on this machine. */
export interface ServedWorker extends AsyncDisposable {
  readonly url: string
  /** The output of workerd so far. */
  readonly output: () => string
}

/** Serves a worker whose first module is its entry. */
export async function serveWorker(
  project: ProgramFolder,
  modules: ReadonlyMap<string, string>,
  /** The compatibility date, such as `2026-10-01`. */
  compatibilityDate: string,
): Promise<ServedWorker> {
  for (const [name, text] of modules) await project.write(`worker/${name}`, text)
  const config = await project.write('worker/config.capnp', configOf([...modules.keys()], compatibilityDate))
  const child = spawn(binaries.workerd(), ['serve', '--control-fd=3', config], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  })
  const closed = once(child, 'close')
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  // The fourth entry of `stdio`: workerd writes control messages to it.
  const control = createInterface(child.stdio[3] as Readable)
  const [event] = await Promise.race([once(control, 'line'), closed.then(() => [''])])
  const { port } = event === '' ? {} : (JSON.parse(event) as { port?: number })
  if (port === undefined) throw new Error(`workerd does not listen: ${printed}`)
  return {
    url: `http://127.0.0.1:${port}/`,
    output: () => printed,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await closed
    },
  }
}

/** Lets the worker send requests to private addresses only: the account is on this machine. */
function configOf(names: readonly string[], compatibilityDate: string): string {
  const modules = names.map((name) => `(name = "${name}", esModule = embed "${name}")`)
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "smoke", worker = .smoke),
    (name = "machine", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "smoke")],
);
const smoke :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "${compatibilityDate}",
  globalOutbound = "machine",
);
`
}
