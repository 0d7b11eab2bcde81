import { afterEach, describe, expect, it, vi } from 'vitest'
import { currentKey } from '../../../../src/runtime/auth/credential.ts'
import { defaults } from '../../../../src/runtime/config/defaults.ts'
import type { ClientOptions } from '../../../../src/runtime/config/options.ts'
import { isConfigured, requireProjectId, resolveConfig } from '../../../../src/runtime/config/resolve.ts'

const apiKey = 'phx_option'
const wrong = (options: object): ClientOptions => options as ClientOptions

afterEach(() => vi.unstubAllGlobals())

describe('the key', () => {
  it.each([
    [{ POSTHOG_PERSONAL_API_KEY: 'phx_1', POSTHOG_PROJECT_SECRET_API_KEY: 'phs_2' }, 'phx_1'],
    [{ POSTHOG_PROJECT_SECRET_API_KEY: 'phs_2', POSTHOG_CLI_API_KEY: 'phx_3' }, 'phs_2'],
    [{ POSTHOG_CLI_API_KEY: 'phx_3', POSTHOG_CLI_TOKEN: 'phx_4' }, 'phx_3'],
    [{ POSTHOG_CLI_TOKEN: 'phx_4', POSTHOG_API_KEY: 'phx_5' }, 'phx_4'],
    [{ POSTHOG_API_KEY: 'phx_5' }, 'phx_5'],
    [{ POSTHOG_API_KEY: 'phs_5' }, 'phs_5'],
    [{ POSTHOG_API_KEY: 'pha_5' }, 'pha_5'],
    [{ POSTHOG_PERSONAL_API_KEY: '  ', POSTHOG_API_KEY: ' phx_5\n' }, 'phx_5'],
  ])('from %j is %s', async (env, expected) => {
    expect(await currentKey(resolveConfig({}, env))).toBe(expected)
    expect(await currentKey(resolveConfig({ apiKey }, env))).toBe(apiKey)
  })

  it.each([
    {},
    { POSTHOG_API_KEY: 'phc_public' },
    { POSTHOG_API_KEY: 'old-key' },
    { POSTHOG_PERSONAL_API_KEY: '' },
  ])('is missing in %j, and the error lists the checked variables', (env) => {
    expect(() => resolveConfig({}, env)).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: expect.stringMatching(
          /apiKey.*POSTHOG_PERSONAL_API_KEY.*POSTHOG_CLI_API_KEY.*POSTHOG_API_KEY/,
        ),
      }),
    )
    expect(isConfigured({}, env)).toBe(false)
  })

  it('is rejected as an empty option, despite the environment', () => {
    const env = { POSTHOG_PERSONAL_API_KEY: 'phx_1' }
    expect(() => resolveConfig({ apiKey: '' }, env)).toThrow('`apiKey` is empty')
    expect(isConfigured({ apiKey: '' }, env)).toBe(false)
    expect(isConfigured({ apiKey: () => '' }, {})).toBe(true)
    expect(isConfigured({}, env)).toBe(true)
  })

  it('of the wrong kind is rejected with the name of its variable', () => {
    expect(() => resolveConfig({}, { POSTHOG_PERSONAL_API_KEY: 'phc_1' })).toThrow(
      /^POSTHOG_PERSONAL_API_KEY is/,
    )
  })

  it('comes from a function, and each result is validated', async () => {
    let count = 0
    const config = resolveConfig({ apiKey: async () => `pha_${++count}` }, {})
    expect(config.keyKind).toBeUndefined()
    expect([await currentKey(config), await currentKey(config)]).toEqual(['pha_1', 'pha_2'])
    await expect(currentKey(resolveConfig({ apiKey: () => 'phc_1' }, {}))).rejects.toThrow(
      /key from the `apiKey` function/,
    )
    await expect(currentKey(resolveConfig({ apiKey: () => undefined as never }, {}))).rejects.toThrow(
      /not a string/,
    )
  })

  it("function's error is the cause", async () => {
    const cause = new Error('vault is sealed')
    const config = resolveConfig({ apiKey: () => Promise.reject(cause) }, {})
    await expect(currentKey(config)).rejects.toMatchObject({ name: 'ConfigurationError', cause })
  })
})

describe('host and project', () => {
  it('come from the options, or else from their variables', () => {
    const env = {
      POSTHOG_API_HOST: 'eu.posthog.com',
      POSTHOG_HOST: 'https://old.test',
      POSTHOG_PROJECT_ID: '7',
    }
    expect(resolveConfig({ apiKey }, env)).toMatchObject({
      host: 'https://eu.posthog.com',
      region: 'eu',
      projectId: '7',
    })
    expect(resolveConfig({ apiKey, host: 'a.test', projectId: 8 }, env)).toMatchObject({
      host: 'https://a.test',
      origin: 'https://a.test',
      region: undefined,
      projectId: '8',
    })
    expect(resolveConfig({ apiKey, region: 'us' }, env).host).toBe('https://us.posthog.com')
    expect(resolveConfig({ apiKey }, { POSTHOG_HOST: 'https://old.test' }).host).toBe('https://old.test')
    expect(resolveConfig({ apiKey }, {}).host).toBe(defaults.host)
  })

  it("of PostHog's CLI count only with its key", () => {
    const cli = {
      POSTHOG_CLI_API_KEY: 'phx_c',
      POSTHOG_CLI_PROJECT_ID: '5',
      POSTHOG_CLI_HOST: 'https://eu.posthog.com',
    }
    expect(resolveConfig({}, cli)).toMatchObject({ projectId: '5', region: 'eu' })
    expect(resolveConfig({ apiKey }, cli)).toMatchObject({ projectId: undefined, region: 'us' })
    expect(resolveConfig({}, { ...cli, POSTHOG_PROJECT_ID: '6' })).toMatchObject({ projectId: '6' })
    const old = { POSTHOG_CLI_TOKEN: 'phx_c', POSTHOG_CLI_ENV_ID: '9' }
    expect(resolveConfig({}, old).projectId).toBe('9')
  })

  it.each(['phc_abc', '', '-1', '1.5', 'my project', '0', '../1', Number.NaN, -3, 1.5])(
    'reject the project %s',
    (projectId) => {
      expect(() => resolveConfig({ apiKey, projectId }, {})).toThrow(/not a valid project id/)
    },
  )

  it('accept @current as a project, and no project', () => {
    expect(resolveConfig({ apiKey, projectId: '@current' }, {}).projectId).toBe('@current')
    expect(() => requireProjectId(resolveConfig({ apiKey }, {}))).toThrow(/needs a project/)
    expect(requireProjectId(resolveConfig({ apiKey, projectId: 3 }, {}))).toBe('3')
  })

  it('reject a contradictory region and host', () => {
    expect(() => resolveConfig({ apiKey, region: 'eu', host: 'us.posthog.com' }, {})).toThrow(/contradict/)
    expect(() => resolveConfig({ apiKey, region: 'eu', host: 'https://a.test' }, {})).toThrow(/contradict/)
    expect(resolveConfig({ apiKey, region: 'eu', host: 'eu.i.posthog.com' }, {}).region).toBe('eu')
    expect(() => resolveConfig(wrong({ apiKey, region: 'asia' }), {})).toThrow(/"asia"/)
  })
})

describe('other options', () => {
  it('have the documented defaults', () => {
    const { timeout, idleTimeout, totalTimeout, maxAttempts, initialDelay, maxDelay, onVersionDrift } =
      defaults
    expect(resolveConfig({ apiKey }, {})).toMatchObject({
      timeout,
      idleTimeout,
      totalTimeout,
      retry: { maxAttempts, initialDelay, maxDelay },
      onVersionDrift,
    })
  })

  it.each(['timeout', 'idleTimeout', 'totalTimeout'])('reject a %s that is not a positive number', (name) => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', null]) {
      expect(() => resolveConfig(wrong({ apiKey, [name]: value }), {})).toThrow(name)
    }
  })

  it('reject retry options out of range', () => {
    for (const maxAttempts of [0, -1, 1.5, Number.NaN, '3']) {
      expect(() => resolveConfig(wrong({ apiKey, retry: { maxAttempts } }), {})).toThrow('maxAttempts')
    }
    expect(() => resolveConfig({ apiKey, retry: { initialDelay: -1 } }, {})).toThrow('retry.initialDelay')
    expect(resolveConfig({ apiKey, retry: false }, {}).retry.maxAttempts).toBe(1)
  })

  it.each([
    ['api_key', 'apiKey'],
    ['apikey', 'apiKey'],
    ['project_id', 'projectId'],
    ['timeOut', 'timeout'],
    ['retries', 'retry'],
    ['middlewares', 'middleware'],
  ])('misspelled as %s suggest %s', (name, meant) => {
    expect(() => resolveConfig(wrong({ apiKey, [name]: 1 }), {})).toThrow(
      expect.objectContaining({
        message: `\`createClient\` has no option \`${name}\`.`,
        fix: `Did you mean \`${meant}\`?`,
      }),
    )
  })

  it('without a similar name list all options', () => {
    expect(() => resolveConfig(wrong({ apiKey, zzz: 1 }), {})).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('apiKey, projectId') }),
    )
  })

  it('reject an Authorization header and an unknown level', () => {
    expect(() => resolveConfig({ apiKey, headers: { authorization: 'x' } }, {})).toThrow(/Authorization/)
    expect(() => resolveConfig(wrong({ apiKey, logLevel: 'loud' }), {})).toThrow(/loud/)
  })

  it('reject a browser by default', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    expect(() => resolveConfig({ apiKey }, {})).toThrow(/every visitor/)
    expect(resolveConfig({ apiKey, dangerouslyAllowBrowser: true }, {}).userAgent).toBeUndefined()
  })
})

describe('the log level', () => {
  const linesAt = (options: ClientOptions, env: Readonly<Record<string, string>>): string[] => {
    const lines: string[] = []
    const log = (line: string): void => void lines.push(line)
    const logger = { debug: log, info: log, warn: log, error: log }
    const config = resolveConfig({ apiKey, logger, ...options }, env)
    for (const level of ['debug', 'info', 'warn', 'error'] as const) config.log[level](level)
    return lines
  }

  it('comes from the option, then TYPEHOG_LOG, then the default', () => {
    expect(linesAt({ logLevel: 'error' }, { TYPEHOG_LOG: 'debug' })).toEqual(['error'])
    expect(linesAt({}, { TYPEHOG_LOG: 'info' })).toEqual(['info', 'warn', 'error'])
    expect(linesAt({}, { TYPEHOG_LOG: ' ' })).toEqual(['warn', 'error'])
  })

  it('is rejected with the name of the variable', () => {
    expect(() => resolveConfig({ apiKey }, { TYPEHOG_LOG: 'loud' })).toThrow(/TYPEHOG_LOG.*loud/)
  })
})
