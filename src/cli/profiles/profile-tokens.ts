import { oauth } from '../../runtime/auth/oauth.ts'
import type { TokenProvider } from '../../runtime/auth/token-cache.ts'
import { AuthenticationError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError, isPostHogError } from '../../runtime/errors/posthog-error.ts'
import type { Platform } from '../../runtime/platform.ts'
import { untilAbort, watchSignal } from '../../runtime/transport/deadline.ts'
import { describeError, InterruptedError } from '../errors.ts'
import type { Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'
import type { NamedProfile } from './select-profile.ts'

/** Milliseconds before the expiry of an access token from which a call refreshes it. */
const refreshWindow = 300_000

/** What the tokens of a profile need. */
export interface ProfileTokensOptions {
  readonly store: ProfileStore
  readonly platform: Pick<Platform, 'fetch' | 'now' | 'sleep' | 'timer'>
  /** Called with each new token before its first use. */
  readonly redactSecret: (secret: string) => void
}

/**
 * The self-renewing key of a profile with OAuth tokens. New tokens are in the profile's file before their first use. A
 * lock keeps other processes from refreshing at the same time: they use the tokens that this process wrote.
 */
export function profileTokens(named: NamedProfile, options: ProfileTokensOptions): TokenProvider {
  const { store, platform, redactSecret } = options
  const { name } = named
  let current = named.profile
  let rejected: string | undefined
  let renewing: Promise<string> | undefined

  const millisecondsLeft = ({ oauth }: Profile): number => (oauth?.expiresAt ?? Infinity) - platform.now()
  const isFresh = (profile: Profile): boolean =>
    profile.key !== rejected && millisecondsLeft(profile) > refreshWindow
  const isUsable = (profile: Profile): boolean => profile.key !== rejected && millisecondsLeft(profile) > 0
  const accept = (profile: Profile): string => {
    current = profile
    redactSecret(profile.key)
    if (profile.oauth?.refreshToken !== undefined) redactSecret(profile.oauth.refreshToken)
    return profile.key
  }

  /** Runs with the lock. */
  const renew = async (): Promise<string> => {
    const stored = await store.read(name)
    if (stored?.oauth === undefined || stored.host !== named.profile.host) throw loginAgain(name)
    const { clientId, refreshToken } = stored.oauth
    // Another process has renewed it.
    if (isFresh(stored)) return accept(stored)
    if (refreshToken === undefined) {
      if (isUsable(stored)) return accept(stored)
      throw loginAgain(name)
    }
    const provider = oauth(
      {
        clientId,
        refreshToken,
        host: stored.host,
        onTokens: async (tokens) => {
          const renewed = {
            ...stored,
            key: tokens.accessToken,
            oauth: { clientId, refreshToken: tokens.refreshToken, expiresAt: tokens.expiresAt?.getTime() },
          }
          await store.write(name, renewed)
          accept(renewed)
        },
      },
      platform,
    )
    try {
      return await provider.token()
    } catch (error) {
      if (error instanceof AuthenticationError) throw loginAgain(name, error)
      // The server is unreachable, and the token still works for some minutes.
      if (isPostHogError(error) && error.kind !== 'configuration' && isUsable(stored)) return accept(stored)
      throw error
    }
  }

  const token = async (): Promise<string> => {
    if (isFresh(current)) return current.key
    // A refresh outlives the call that started it: its response has the only valid refresh token.
    renewing ??= store
      .withLock(name, platform, renew)
      .catch((error) => {
        throw error instanceof InterruptedError ? error : toRuntimeError(error)
      })
      .finally(() => {
        renewing = undefined
      })
    return renewing
  }

  return {
    kind: 'oauth',
    token: (signal) => (signal === undefined ? token() : untilAbort(token(), watchSignal(signal))),
    rejected: (key) => {
      rejected = key
    },
  }
}

function loginAgain(name: string, cause?: unknown): AuthenticationError {
  return new AuthenticationError({
    operation: 'POST /oauth/token/',
    status: 401,
    message: `The login of the profile "${name}" has ended.`,
    fix: `Run \`typehog login --profile ${name}\`.`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** The runtime reports its own errors unchanged, and wraps others. The command adds its flags later. */
function toRuntimeError(error: unknown): unknown {
  if (isPostHogError(error)) return error
  const { message, fix } = describeError(error, new Set())
  return new ConfigurationError({ message, fix, cause: error })
}
