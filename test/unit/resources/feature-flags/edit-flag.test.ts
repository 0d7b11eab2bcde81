import { describe, expect, it } from 'vitest'
import { conflict, flagOf, flagServer } from './flag-server.ts'

describe('featureFlags.edit', () => {
  it('sends changed fields with their original values', async () => {
    const server = flagServer([flagOf(3, 'checkout', { name: 'Old' })])
    const edited = await server.client().featureFlags.edit('checkout', (flag) => {
      flag.name = 'New'
    })
    expect(server.changes()).toEqual([{ name: 'New', version: 1, original_flag: { name: 'Old' } }])
    expect(edited).toMatchObject({
      changes: { name: 'New' },
      dryRun: false,
      attempts: 1,
      flag: { name: 'New' },
    })
  })

  it('awaits the function and ignores its return value', async () => {
    const server = flagServer([flagOf(3, 'checkout')])
    const { changes } = await server.client().featureFlags.edit(3, async (flag) => {
      await new Promise((resolve) => setImmediate(resolve))
      flag.active = false
      return { name: 'no' }
    })
    expect(changes).toEqual({ active: false })
  })

  it('detects nested changes and ignores the order of keys', async () => {
    const server = flagServer([
      flagOf(3, 'checkout', { filters: { groups: [], payloads: { a: '1', b: '2' } } }),
    ])
    const same = await server.client().featureFlags.edit(3, (flag) => {
      flag.filters = { payloads: { b: '2', a: '1' }, groups: [] }
    })
    expect(same.changes).toEqual({})
    expect(server.changes()).toEqual([])
    await server.client().featureFlags.edit(3, ({ filters }) => {
      Object(filters).payloads.a = '3'
    })
    expect(server.changes()).toMatchObject([{ filters: { payloads: { a: '3', b: '2' } } }])
  })

  it('ignores fields that are undefined or deleted', async () => {
    const server = flagServer([flagOf(3, 'checkout')])
    const { changes } = await server.client().featureFlags.edit(3, (flag) => {
      Reflect.set(flag, 'name', undefined)
      Reflect.deleteProperty(flag, 'tags')
    })
    expect(changes).toEqual({})
    expect(server.changes()).toEqual([])
  })

  it('ignores the order and case of tags, which PostHog normalizes', async () => {
    const server = flagServer([flagOf(3, 'checkout', { tags: ['beta', 'growth'] })])
    const { featureFlags } = server.client()
    const same = await featureFlags.edit(3, (flag) => {
      flag.tags = ['Growth', ' beta', 'beta']
    })
    expect(same.changes).toEqual({})
    const { changes } = await featureFlags.edit(3, (flag) => {
      flag.tags = ['growth']
    })
    expect(changes).toEqual({ tags: ['growth'] })
  })

  it.each(['id', 'version', 'deleted', 'created_by', 'made_up'])('rejects a change of %s', async (field) => {
    const server = flagServer([flagOf(3, 'checkout')])
    const call = server.client().featureFlags.edit(3, (flag) => {
      Reflect.set(flag, field, 99)
    })
    await expect(call).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(`\`${field}\``),
    })
    expect(server.changes()).toEqual([])
  })

  it('throws the error of the function, and sends nothing', async () => {
    const reason = { mine: true }
    const server = flagServer([flagOf(3, 'checkout')])
    const call = server.client().featureFlags.edit(3, (flag) => {
      flag.name = 'half'
      throw reason
    })
    expect(await call.catch((error: unknown) => error)).toBe(reason)
    expect(server.changes()).toEqual([])
  })

  it('returns the changes without sending them in a dry run', async () => {
    const server = flagServer([flagOf(3, 'checkout')])
    const edit = (flag: { active?: boolean }): void => {
      flag.active = false
    }
    const dry = await server.client().featureFlags.edit(3, edit, { dryRun: true })
    expect(dry).toMatchObject({ dryRun: true, changes: { active: false }, flag: { active: true } })
    expect(server.lines()).toEqual(['GET /feature_flags/3/'])
  })
})

describe('featureFlags.edit with concurrent changes', () => {
  it('repeats the edit on the current flag', async () => {
    let conflicts = 2
    const server = flagServer([flagOf(3, 'checkout', { name: 'a' })], ({ method }) => {
      if (method !== 'PATCH' || conflicts === 0) return undefined
      conflicts -= 1
      const [flag] = server.flags
      if (flag !== undefined)
        Object.assign(flag, { name: `${flag['name']}!`, version: Number(flag.version) + 1 })
      return conflict()
    })
    const edited = await server.client().featureFlags.edit(3, (flag) => {
      flag.name = `${flag.name}b`
    })
    expect(edited).toMatchObject({ attempts: 3, flag: { name: 'a!!b' } })
    expect(server.changes().map(({ version, original_flag }) => [version, original_flag])).toEqual([
      [1, { name: 'a' }],
      [2, { name: 'a!' }],
      [3, { name: 'a!!' }],
    ])
  })

  it.each([
    [undefined, 3],
    [1, 1],
    [5, 5],
  ])('with attempts %s fails after %i', async (attempts, sent) => {
    const server = flagServer([flagOf(3, 'checkout')], ({ method }) => {
      return method === 'PATCH' ? conflict() : undefined
    })
    const edit = (flag: { name?: string }): void => {
      flag.name = 'b'
    }
    const options = attempts === undefined ? {} : { attempts }
    const call = server.client().featureFlags.edit(3, edit, options)
    await expect(call).rejects.toMatchObject({ name: 'ConflictError' })
    expect(server.changes()).toHaveLength(sent)
  })

  it.each([0, -1, Number.NaN, 1.5, Number.POSITIVE_INFINITY])('rejects %s attempts', async (attempts) => {
    const server = flagServer([flagOf(3, 'checkout')], ({ method }, call) => {
      if (call > 50) throw new Error('The edit does not end')
      return method === 'PATCH' ? conflict() : undefined
    })
    const edit = (flag: { name?: string }): void => {
      flag.name = 'b'
    }
    const call = server.client().featureFlags.edit(3, edit, { attempts })
    await expect(call).rejects.toMatchObject({ name: 'ConfigurationError' })
    expect(server.requests).toEqual([])
  })

  it('throws the reason of a signal', async () => {
    const controller = new AbortController()
    const server = flagServer([flagOf(3, 'checkout')], ({ method }) => {
      if (method !== 'PATCH') return undefined
      controller.abort('enough')
      return conflict()
    })
    const edit = (flag: { name?: string }): void => {
      flag.name = 'b'
    }
    const call = server.client().featureFlags.edit(3, edit, { signal: controller.signal })
    expect(await call.catch((error: unknown) => error)).toBe('enough')
    expect(server.changes()).toHaveLength(1)
  })
})

describe('featureFlags.edit without versions of flags', () => {
  /** A server that renames the flag before this number of reads, not counting the first read. */
  const serverWithRenames = (times: number) => {
    let reads = 0
    const server = flagServer([flagOf(3, 'checkout', { version: undefined, name: 'a' })], ({ method }) => {
      const [flag] = server.flags
      if (method === 'GET' && flag !== undefined && reads++ > 0 && reads <= times + 1) flag['name'] += '!'
      return undefined
    })
    return server
  }
  const append = (flag: { name?: string }): void => {
    flag.name = `${flag.name}b`
  }

  it('reads the flag again before it sends the changes', async () => {
    const server = serverWithRenames(0)
    const { flag } = await server.client().featureFlags.edit(3, append)
    expect(flag.name).toBe('ab')
    expect(server.changes()).toEqual([{ name: 'ab' }])
  })

  it('repeats the edit after a conflict', async () => {
    const server = serverWithRenames(1)
    const edited = await server.client().featureFlags.edit(3, append)
    expect(edited).toMatchObject({ attempts: 2, flag: { name: 'a!b' } })
    expect(server.changes()).toEqual([{ name: 'a!b' }])
  })

  it('overwrites nothing after repeated conflicts', async () => {
    const server = serverWithRenames(9)
    const call = server.client().featureFlags.edit(3, append)
    await expect(call).rejects.toMatchObject({ name: 'ConflictError', status: 409 })
    expect(server.changes()).toEqual([])
  })

  it('keeps concurrent changes of other fields', async () => {
    const server = serverWithRenames(9)
    const { flag } = await server.client().featureFlags.edit(3, (draft) => {
      draft.active = false
    })
    expect(flag).toMatchObject({ active: false, name: 'a!' })
    expect(server.changes()).toEqual([{ active: false }])
  })
})
