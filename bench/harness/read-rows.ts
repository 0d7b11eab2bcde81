import { rowReaders } from './row-readers.ts'

// One contestant reads the answer once, in a process of its own: `<name> <url> [build]`. Tells how much memory it took.

const [name = '', url = '', build] = process.argv.slice(2)
const read = await rowReaders[name]?.(build === '' ? undefined : build)
if (read === undefined) throw new Error(`No reader "${name}".`)
globalThis.gc?.()
const before = process.memoryUsage().rss
let peak = before
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 5)
const started = performance.now()
const rows = await read(url, fetch)
const ms = performance.now() - started
clearInterval(timer)
// What no sample saw; it counts from the start of the process.
peak = Math.max(peak, process.resourceUsage().maxRSS * 1024)
process.send?.({ rows, ms, before, peak })
process.disconnect?.()
