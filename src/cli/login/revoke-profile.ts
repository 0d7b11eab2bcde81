import { createPlatform } from '../../runtime/platform.ts'
import type { Context } from '../context.ts'
import { describeError } from '../errors.ts'
import type { Profile } from '../profiles/profile.ts'
import { revokeToken } from './auth-server.ts'

/**
 * Revokes the tokens of a profile. Warns when the server cannot be reached or does not confirm it. A personal API key
 * stays valid: only its owner can delete it, in PostHog.
 *
 * @returns whether tokens were revoked
 */
export async function revokeProfile(context: Context, { host, key, oauth }: Profile): Promise<boolean> {
  const { signal, platform = createPlatform() } = context.io
  if (oauth === undefined) return false
  try {
    await revokeToken({ host, platform, signal }, oauth.clientId, oauth.refreshToken ?? key)
    return true
  } catch (error) {
    signal.throwIfAborted()
    const { message } = describeError(error, context.flags)
    context.warn(`The login could not be revoked: ${message} Disconnect Typehog in PostHog under Settings.`)
    return false
  }
}
