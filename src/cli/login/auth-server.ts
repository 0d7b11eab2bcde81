import type { Platform } from '../../runtime/platform.ts'
import { startDeadline, untilAbort, watchSignal } from '../../runtime/transport/deadline.ts'
import { toConnectionError } from '../../runtime/transport/network-error.ts'
import { readBody } from '../../runtime/transport/read-body.ts'
import { isObject } from '../../shared/is-object.ts'
import { LoginError } from './login-error.ts'

/** Milliseconds for one request. */
const timeout = 15_000
/** Maximum bytes of a response. The metadata of PostHog, with all scopes, has about 10 kB. */
const maxBytes = 1_000_000
/** As shown on PostHog's consent page. PostHog refuses names that start with its own. */
const clientName = 'Typehog CLI'

/** A host, and what sends requests to it. */
export interface AuthServer {
  /** Normalized URL of PostHog. Its routes under /oauth/ are the only ones that get codes and tokens. */
  readonly host: string
  readonly platform: Pick<Platform, 'fetch' | 'timer'>
  readonly signal: AbortSignal
}

/** What a server offers to programs that it does not know yet. */
export interface AuthMetadata {
  /** Scopes that a login may request; undefined when the server does not list them. */
  readonly scopes: readonly string[] | undefined
}

/** Tokens of a new login. */
export interface Grant {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** Seconds. */
  readonly expiresIn: number | undefined
  /** Scopes that the user granted: PostHog may grant fewer than requested. */
  readonly scopes: readonly string[] | undefined
  /** Projects that the tokens are limited to; empty for no limit. */
  readonly projectIds: readonly number[]
}

/**
 * Reads the metadata of the authorization server (RFC 8414). Undefined when the host offers no login for programs that
 * register themselves with PKCE: old self-hosted versions, and hosts that are not PostHog.
 */
export async function readAuthMetadata(server: AuthServer): Promise<AuthMetadata | undefined> {
  const { status, body } = await send(server, 'GET', '/.well-known/oauth-authorization-server')
  const challenges = body['code_challenge_methods_supported']
  const offersLogin =
    status === 200 &&
    typeof body['authorization_endpoint'] === 'string' &&
    typeof body['registration_endpoint'] === 'string' &&
    Array.isArray(challenges) &&
    challenges.includes('S256')
  return offersLogin ? { scopes: textsOf(body['scopes_supported']) } : undefined
}

/** Registers this program (RFC 7591). Returns the client id, or why the server refuses. */
export async function registerClient(
  server: AuthServer,
  redirectUri: string,
): Promise<{ readonly clientId: string } | { readonly refusal: string }> {
  const { status, body } = await send(server, 'POST', '/oauth/register/', {
    type: 'application/json',
    text: JSON.stringify({
      client_name: clientName,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }),
  })
  const clientId = body['client_id']
  if (status >= 200 && status < 300 && typeof clientId === 'string' && clientId !== '') return { clientId }
  return { refusal: describeStatus(status, body) }
}

/** The code of a login, and what proves that it is ours. */
export interface Authorization {
  readonly clientId: string
  readonly redirectUri: string
  readonly code: string
  /** The secret of PKCE (RFC 7636). */
  readonly verifier: string
}

/**
 * Exchanges an authorization code for tokens.
 *
 * @throws LoginError when PostHog refuses the code
 */
export async function exchangeCode(server: AuthServer, authorization: Authorization): Promise<Grant> {
  const { clientId, redirectUri, code, verifier } = authorization
  const { status, body } = await sendForm(server, '/oauth/token/', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: clientId,
    code_verifier: verifier,
  })
  const { access_token, refresh_token, expires_in, scope, scoped_teams } = body
  if (status !== 200 || typeof access_token !== 'string' || access_token === '') {
    throw new LoginError(
      `PostHog did not accept the login: POST /oauth/token/ returned ${describeStatus(status, body)}.`,
      'Run `typehog login` again, or use a personal API key: `typehog login --with-key`.',
    )
  }
  return {
    accessToken: access_token,
    refreshToken: typeof refresh_token === 'string' && refresh_token !== '' ? refresh_token : undefined,
    expiresIn: typeof expires_in === 'number' ? expires_in : undefined,
    scopes: typeof scope === 'string' ? scope.split(/\s+/).filter((name) => name !== '') : undefined,
    projectIds: Array.isArray(scoped_teams) ? scoped_teams.filter(Number.isSafeInteger) : [],
  }
}

/**
 * Revokes a token (RFC 7009). Revoking a refresh token also ends its access token.
 *
 * @throws LoginError when the server does not confirm it
 */
export async function revokeToken(server: AuthServer, clientId: string, token: string): Promise<void> {
  const { status, body } = await sendForm(server, '/oauth/revoke/', { token, client_id: clientId })
  if (status === 200) return
  throw new LoginError(
    `POST /oauth/revoke/ returned ${describeStatus(status, body)}.`,
    'Disconnect it in PostHog under Settings.',
  )
}

/** A response. The body is empty unless it is a JSON object. */
interface AuthResponse {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

interface RequestBody {
  readonly type: string
  readonly text: string
}

function sendForm(
  server: AuthServer,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<AuthResponse> {
  const text = new URLSearchParams(fields).toString()
  return send(server, 'POST', path, { type: 'application/x-www-form-urlencoded', text })
}

/** Sends a request without a key, and follows no redirect: its body may have a code or a token. */
async function send(
  { host, platform, signal }: AuthServer,
  method: 'GET' | 'POST',
  path: string,
  content?: RequestBody,
): Promise<AuthResponse> {
  const operation = `${method} ${path}`
  const deadline = startDeadline(platform, watchSignal(signal), timeout, () => {
    return new LoginError(
      `${host} did not answer ${operation} within ${timeout / 1_000} s.`,
      'Check --host and the network, then run the command again.',
    )
  })
  try {
    const response = await untilAbort(
      platform.fetch(`${host}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(content === undefined ? {} : { 'content-type': content.type }),
        },
        ...(content === undefined ? {} : { body: content.text }),
        redirect: 'manual',
        signal: deadline.signal,
      }),
      deadline,
    ).catch((error: unknown) => {
      throw deadline.aborted ? deadline.reason : toConnectionError(error, operation, false)
    })
    const { bytes } = await readBody(
      response,
      { platform, operation, deadline, idleTimeout: undefined },
      maxBytes,
    )
    return { status: response.status, body: parseObject(bytes) }
  } finally {
    deadline.end()
  }
}

function parseObject(bytes: Uint8Array | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** A status with the error code of RFC 6749, such as `400 (invalid_grant)`. Other texts may repeat what was sent. */
function describeStatus(status: number, body: Readonly<Record<string, unknown>>): string {
  const code = body['error']
  return typeof code === 'string' && /^[\w.-]{1,60}$/.test(code) ? `${status} (${code})` : `${status}`
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}
