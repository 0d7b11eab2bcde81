import { classifyKey } from '../runtime/auth/credential.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import { projectFacts } from './project-facts.ts'
import type { CallOptions, Requester } from './requester.ts'

/**
 * The project's public token: the one that the caller names, else the project's own, which is asked for once.
 *
 * @throws ConfigurationError for a private key in its place, before it is sent where no private key belongs
 */
export async function publicToken(
  api: Requester,
  token: string | undefined,
  options: CallOptions,
): Promise<string> {
  if (token === undefined) return (await projectFacts(api, options)).api_token
  const kind = classifyKey(token)
  // Tokens of old projects have no prefix.
  if (kind === 'project_token' || kind === 'unknown') return token
  throw new ConfigurationError({
    message: '`token` is a private key; the public token of a project (phc_) was expected.',
    fix: 'Leave `token` out: the client asks for it. Nothing was sent.',
  })
}
