import { fork } from 'node:child_process'
import { once } from 'node:events'
import files, {
  access,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
let folder: string
let path: string
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 100, now: () => new Date('2026-02-01T00:00:00Z') }))
})
beforeEach(async () => {
  local.faults.clear()
  folder = await mkdtemp(join(tmpdir(), 'typehog-files-'))
  path = join(folder, 'rows.ndjson')
  return () => rm(folder, { recursive: true })
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => local.close())

const query = hogql<{ n: number }>`select number as n from numbers(500)`
const order = { orderBy: ['n'], pageSize: 100 }
const fullText = Array.from({ length: 500 }, (_, n) => `{"n":${n}}\n`).join('')
const textAt = (at: string): Promise<string> => readFile(at, 'utf8')
const abandon = async (options = {}): Promise<void> => {
  for await (const { rows } of posthog.export(query, order).toFile(path, options)) if (rows >= 200) break
}
/** Writes the lock file of a killed run. */
const writeLock = async (pid: number, more = {}): Promise<string> => {
  const place = `${hostname()} ${await files.readlink('/proc/self/ns/pid').catch(() => '')}`.trim()
  const lock = `${path}.part.lock`
  await writeFile(lock, JSON.stringify({ token: 'a-b-c', pid, place, ...more }))
  return lock
}
const configurationError = { name: 'ConfigurationError', fix: expect.any(String) }

describe('an export preserves', () => {
  it('a .part file that it did not create', async () => {
    await writeFile(`${path}.part`, 'PRECIOUS')
    for (const options of [{}, { overwrite: true }, { checkpoint: false }] as const) {
      await expect(posthog.export(query, order).toFile(path, options)).rejects.toMatchObject({
        ...configurationError,
        message: expect.stringContaining('does not belong to a known export'),
      })
    }
    expect(await textAt(`${path}.part`)).toBe('PRECIOUS')
    expect(await readdir(folder)).toEqual(['rows.ndjson.part'])
  })

  it.each([
    ['.part', 'rejected'],
    ['.part.lock', 'rejected'],
    ['.checkpoint', 'rejected'],
    ['.checkpoint.new', 'fulfilled'],
    ['', 'rejected'],
  ])('the target of a link at the path with the suffix "%s": the export is %s', async (suffix, outcome) => {
    const target = join(folder, 'target')
    await writeFile(target, 'PRECIOUS')
    await symlink(target, `${path}${suffix}`)
    const [{ status }] = await Promise.allSettled([posthog.export(query, order).toFile(path)])
    expect(status).toBe(outcome)
    expect(await textAt(target)).toBe('PRECIOUS')
    expect((await lstat(`${path}${suffix}`)).isSymbolicLink()).toBe(true)
  })

  it('the target of a link that replaced the .part file', async () => {
    await abandon()
    const target = join(folder, 'target')
    await writeFile(target, 'PRECIOUS'.repeat(10_000))
    await rm(`${path}.part`)
    await symlink(target, `${path}.part`)
    await expect(posthog.export(query, order).toFile(path)).rejects.toMatchObject({
      ...configurationError,
      message: expect.stringContaining('is a link'),
    })
    expect(await textAt(target)).toBe('PRECIOUS'.repeat(10_000))
  })

  it('a .part file that was replaced after its checkpoint', async () => {
    await abandon()
    await writeFile(`${path}.part`, 'PRECIOUS'.repeat(10_000))
    await expect(posthog.export(query, order).toFile(path)).rejects.toMatchObject({
      ...configurationError,
      message: expect.stringContaining('does not match its checkpoint'),
    })
    expect(await textAt(`${path}.part`)).toBe('PRECIOUS'.repeat(10_000))
  })

  it.each([['with hard links'], ['without hard links']])(
    'a file that appears at the path during the run, on a file system %s',
    async (system) => {
      if (system === 'without hard links') {
        vi.spyOn(files, 'link').mockRejectedValue(Object.assign(new Error('no'), { code: 'EPERM' }))
      }
      const job = posthog.export(query, order).toFile(path)
      const all = (async () => {
        for await (const { rows } of job) if (rows > 100 && rows < 300) await writeFile(path, 'PRECIOUS')
      })()
      await expect(all).rejects.toMatchObject({
        ...configurationError,
        message: expect.stringContaining('Another program created'),
      })
      expect(await textAt(path)).toBe('PRECIOUS')
      expect(await textAt(`${path}.part`)).toBe(fullText)
      await rename(path, join(folder, 'precious'))
      expect(await posthog.export(query, order).toFile(path)).toMatchObject({ rows: 500, resumedAt: 500 })
      expect(await textAt(path)).toBe(fullText)
      expect((await readdir(folder)).sort()).toEqual(['precious', 'rows.ndjson'])
    },
  )

  it('a dangling link at the path', async () => {
    await symlink(join(folder, 'none'), path)
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow('already exists')
    await expect(access(join(folder, 'none'))).rejects.toThrow('ENOENT')
  })

  it('the lock file of another program', async () => {
    await writeFile(`${path}.part.lock`, 'PRECIOUS')
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow('is not the lock of an export')
    expect(await textAt(`${path}.part.lock`)).toBe('PRECIOUS')
  })
})

describe('toFile', () => {
  it.each([
    [undefined, {}],
    ['', {}],
    ['rows.csv', { formt: 'csv' }],
    ['rows.csv', { format: 'xlsx' }],
    ['rows.csv', { overwrite: 'yes' }],
    ['rows.csv', { checkpoint: true }],
  ])('rejects the path %j with the options %j', async (path, options) => {
    const job = posthog.export(query, order).toFile(path as never, options as never)
    await expect(job).rejects.toMatchObject(configurationError)
  })
})

describe('the progress of an export', () => {
  it('can be read only once, and the result remains available', async () => {
    const job = posthog.export(query, order).toFile(path)
    const reported: number[] = []
    for await (const { rows } of job) reported.push(rows)
    expect(reported.at(-1)).toBe(500)
    const again = async (): Promise<void> => {
      for await (const _ of job) throw new Error('The second loop got progress')
    }
    await expect(again()).rejects.toMatchObject(configurationError)
    expect((await job).rows).toBe(500)
  })
})

describe('a checkpoint', () => {
  it.each([
    ['rows', 7],
    ['rows', -1],
    ['bytes', 0],
    ['bytes', 1e300],
    ['next', null],
    ['next', '[400]'],
    ['tail', ''],
    ['more', true],
    ['code', ''],
  ])('is rejected when its %s is %j', async (field, value) => {
    await abandon()
    const checkpoint = JSON.parse(await textAt(`${path}.checkpoint`))
    if (field === 'more') delete checkpoint.code
    await writeFile(`${path}.checkpoint`, JSON.stringify({ ...checkpoint, [field]: value }))
    const part = await textAt(`${path}.part`)
    await expect(posthog.export(query, order).toFile(path)).rejects.toMatchObject({
      ...configurationError,
      message: expect.stringContaining('was modified'),
    })
    expect(await textAt(`${path}.part`)).toBe(part)
  })

  it('is rejected when it is too large', async () => {
    await writeFile(`${path}.checkpoint`, ' '.repeat(2_000_000))
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow('is not a checkpoint')
  })

  it('does not claim a file of another program when the .part file is missing', async () => {
    const job = posthog.export(query, order).toFile(path)
    const all = (async () => {
      for await (const { rows } of job) if (rows === 500) await writeFile(path, 'PRECIOUS')
    })()
    await expect(all).rejects.toThrow('Another program created')
    await rm(`${path}.part`)
    await expect(posthog.export(query, order).toFile(path)).rejects.toMatchObject(configurationError)
    expect(await textAt(path)).toBe('PRECIOUS')
  })
})

describe('two exports to one path', () => {
  it('cannot run concurrently in one process', async () => {
    const steps = posthog.export(query, order).toFile(path)[Symbol.asyncIterator]()
    await steps.next()
    await expect(posthog.export(query, order).toFile(path)).rejects.toMatchObject({
      ...configurationError,
      message: expect.stringContaining('is running (process'),
    })
    await steps.return?.()
    await posthog.export(query, order).toFile(path)
    expect(await textAt(path)).toBe(fullText)
    expect(await readdir(folder)).toEqual(['rows.ndjson'])
  })

  it('cannot run concurrently in two processes, and the second resumes when the first is killed', async () => {
    const { url, close } = await local.listen()
    local.faults.add({ path: '/query/', delayMs: 50, times: Number.POSITIVE_INFINITY })
    const program = fileURLToPath(new URL('./run-export.ts', import.meta.url))
    const child = fork(program, [url, local.personalApiKey, path, '1'], {
      execArgv: ['--import', import.meta.resolve('tsx')],
    })
    const exit = once(child, 'exit')
    await once(child, 'message')
    const columns = ['uuid', 'timestamp', 'event', 'distinct_id'] as const
    const second = createClient({ host: url, apiKey: local.personalApiKey, projectId: 1, logLevel: 'off' })
    const again = () => second.events.stream({ from: '2026-01-01', to: '2026-02-01', columns }).toFile(path)
    await expect(again()).rejects.toThrow(`is running (process ${child.pid}`)
    child.kill('SIGKILL')
    await exit
    local.faults.clear()
    const { rows } = await again()
    expect((await textAt(path)).split('\n')).toHaveLength(rows + 1)
    expect(await readdir(folder)).toEqual(['rows.ndjson'])
    await close()
  })

  it('stop when another run takes over the lock', async () => {
    const job = posthog.export(query, order).toFile(path)
    const all = (async () => {
      for await (const { rows } of job) {
        if (rows < 200) continue
        await rm(`${path}.part.lock`, { force: true })
        await writeFile(`${path}.part.lock`, '{}')
      }
    })()
    await expect(all).rejects.toThrow('is running')
    expect(await textAt(`${path}.part.lock`)).toBe('{}')
    await expect(access(path)).rejects.toThrow('ENOENT')
  })
})

describe('a crashed run', () => {
  // The pid of a process that has ended. No other process has it yet.
  const deadPid = async (): Promise<number> => {
    const child = fork('--version', { execArgv: ['-e', ''], stdio: 'ignore' })
    await once(child, 'exit')
    return child.pid ?? 0
  }

  it('is resumed at once when its process has ended', async () => {
    await abandon()
    await writeLock(await deadPid())
    await writeFile(`${path}.checkpoint.a-b-c.new`, 'half a check')
    expect((await posthog.export(query, order).toFile(path)).resumedAt).toBeGreaterThan(0)
    expect(await textAt(path)).toBe(fullText)
    expect(await readdir(folder)).toEqual(['rows.ndjson'])
  })

  it('is resumed when another process has its pid but its lock is stale', async () => {
    await abandon()
    const long = new Date(Date.now() - 60_000)
    await utimes(await writeLock(process.ppid), long, long)
    await posthog.export(query, order).toFile(path)
    expect(await textAt(path)).toBe(fullText)
  })

  it('without a checkpoint starts again, and only its own .part file is removed', async () => {
    await writeFile(`${path}.part`, 'rows of the crashed run')
    const stats = await lstat(`${path}.part`, { bigint: true })
    const pid = await deadPid()
    await writeLock(pid, { part: `${stats.dev}:${stats.ino + 1n}` })
    await expect(posthog.export(query).toFile(path)).rejects.toThrow('does not belong to a known export')
    await writeLock(pid, { part: `${stats.dev}:${stats.ino}` })
    await posthog.export(hogql`select number as n from numbers(500) limit 1000`).toFile(path)
    expect(await textAt(path)).toBe(fullText)
    expect(await readdir(folder)).toEqual(['rows.ndjson'])
  })

  /** Makes the last step of an export fail after `finish` has put the file in place. */
  const failAfter = (finish: typeof files.link): void => {
    vi.spyOn(files, 'link').mockImplementation(async (from, to) => {
      await finish(from, to)
      throw Object.assign(new Error('crash'), { code: 'EEXIST' })
    })
  }

  it('that has linked its file is complete', async () => {
    failAfter(files.link)
    const remove = vi.spyOn(files, 'rm')
    await posthog.export(query, order).toFile(path)
    expect(remove).toHaveBeenCalled()
    expect(await textAt(path)).toBe(fullText)
    expect(await readdir(folder)).toEqual(['rows.ndjson'])
  })

  it('that has moved its file is completed by the next run', async () => {
    failAfter(rename)
    const remove = vi.spyOn(files, 'rm')
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow('Another program created')
    expect(remove).toHaveBeenCalled()
    vi.restoreAllMocks()
    await posthog.export(query, order).toFile(path)
    expect(await textAt(path)).toBe(fullText)
    expect(await readdir(folder)).toEqual(['rows.ndjson'])
  })
})

describe('an export without a checkpoint', () => {
  it('leaves no files when it fails or its loop is left', async () => {
    const cut = posthog.export(hogql`select number as n from numbers(500)`).toFile(path)
    await expect(cut).rejects.toMatchObject({ name: 'TruncatedResultError' })
    await expect(abandon({ checkpoint: false })).resolves.toBeUndefined()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('an export without rows', () => {
  it('leaves no files when it fails, and keeps the rows of an earlier run', async () => {
    const rejected = createClient({
      apiKey: 'phx_unknown',
      projectId: 1,
      host: posthog.config.host,
      fetch: (url, init) => local.handle(new Request(url, init)),
      logLevel: 'off',
    })
    const fails = async (): Promise<void> => {
      await expect(rejected.export(query, order).toFile(path)).rejects.toMatchObject({
        name: 'AuthenticationError',
      })
    }
    await fails()
    expect(await readdir(folder)).toEqual([])
    await abandon()
    await fails()
    expect((await readdir(folder)).sort()).toEqual(['rows.ndjson.checkpoint', 'rows.ndjson.part'])
    const { resumedAt } = await posthog.export(query, order).toFile(path)
    expect(resumedAt).toBeGreaterThan(0)
    expect(await textAt(path)).toBe(fullText)
  })
})

describe('an export whose checkpoint cannot be written', () => {
  it('fails with that error and leaves no files', async () => {
    const checkpoint = join(folder, 'missing', 'checkpoint')
    await expect(posthog.export(query, order).toFile(path, { checkpoint })).rejects.toMatchObject({
      code: 'ENOENT',
      syscall: 'open',
    })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('CSV of an export', () => {
  const cells = hogql`select 1 as n, '=cmd()' as text union all select 2, 'plain'`

  it('does not change cells by default', async () => {
    await posthog.export(cells, { orderBy: ['n'] }).toFile(path, { format: 'csv' })
    expect(await textAt(path)).toBe('n,text\r\n1,=cmd()\r\n2,plain\r\n')
  })

  it('disarms formulas with `disarmFormulas`, even after a resume', async () => {
    const options = { format: 'csv', disarmFormulas: true } as const
    const small = { orderBy: ['n'], pageSize: 2 }
    for await (const _ of posthog.export(cells, small).toFile(path, options)) break
    await expect(posthog.export(cells, small).toFile(path, { format: 'csv' })).rejects.toThrow(
      'of another export',
    )
    await posthog.export(cells, small).toFile(path, options)
    expect(await textAt(path)).toBe("n,text\r\n1,'=cmd()\r\n2,plain\r\n")
  })
})
