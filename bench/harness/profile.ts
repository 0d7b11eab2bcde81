import { type Profiler, Session } from 'node:inspector/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Microseconds by name. */
export type Times = Map<string, number>

/** Where the time of a stretch of work went. Waiting is left out. */
export interface Profile {
  /** By owner of the code: the package, undici, the rest of Node, the garbage collector, native code. */
  readonly parts: Times
  /** By function, without what it calls. */
  readonly functions: Times
  /**
   * By function of the package and what it called outside: `attempt > fetch` has all that ran within that call. Work
   * that goes on after a wait has no caller any more and is not in here.
   */
  readonly steps: Times
}

/** Microseconds between two samples. */
const interval = 100

/** Runs the work under the sampling profiler of this process. */
export async function profile(work: () => Promise<void>): Promise<Profile> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval })
    await session.post('Profiler.start')
    await work()
    return digest((await session.post('Profiler.stop')).profile)
  } finally {
    session.disconnect()
  }
}

function digest({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])))
  const result: Profile = { parts: new Map(), functions: new Map(), steps: new Map() }
  samples.forEach((sample, index) => {
    const node = byId.get(sample)
    if (node === undefined || waiting.has(node.callFrame.functionName)) return
    const time = timeDeltas[index] ?? 0
    add(result.parts, partOf(node.callFrame), time)
    add(result.functions, nameOf(node.callFrame), time)
    const step = stepOf(node)
    if (step !== undefined) add(result.steps, step, time)
  })
  return result

  /** The nearest function of the package above a sample, and what it called. */
  function stepOf(sampled: Profiler.ProfileNode): string | undefined {
    let called = ''
    let id: number | undefined = sampled.id
    for (let node = byId.get(id); node !== undefined; node = byId.get(id ?? -1)) {
      const { functionName } = node.callFrame
      if (isOurs(node.callFrame)) return `${functionName || '(anonymous)'}${called}`
      called = ` > ${functionName || '(anonymous)'}`
      id = parents.get(node.id)
    }
    return undefined
  }
}

const waiting: ReadonlySet<string> = new Set(['(idle)', '(root)'])

function add(times: Times, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time)
}

function partOf(frame: Profiler.ProfileNode['callFrame']): string {
  const { url, functionName } = frame
  if (functionName === '(garbage collector)') return 'garbage collector'
  if (isOurs(frame)) return 'typehog'
  if (url.includes('deps/undici')) return 'undici'
  if (url.startsWith('node:')) return 'the rest of Node'
  if (url.includes('/node_modules/')) return 'peers'
  return url === '' ? 'native code' : 'this benchmark'
}

/** Whether a function belongs to a build of the package: what else is loaded is of Node, a peer or this folder. */
function isOurs({ url }: Profiler.ProfileNode['callFrame']): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !url.includes('/bench/')
}

function nameOf({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']): string {
  const file = url.startsWith('file:') ? relative('.', fileURLToPath(url)) : url
  // The profiler counts lines from 0.
  return `${functionName || '(anonymous)'} ${file === '' ? '' : `${file}:${lineNumber + 1}`}`.trim()
}
