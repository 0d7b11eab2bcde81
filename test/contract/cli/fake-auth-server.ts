import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What the tests change about the server. */
export interface AuthBehavior {
  /** Whether the metadata exist: older servers have none. */
  metadata: boolean
  /** Status of the registration. */
  registration: number
  /** The user's answer on the consent page. */
  answer: 'allow' | 'deny'
  /** Projects that the user grants. */
  projects: readonly number[]
  /** Whether tokens come with a refresh token. */
  refreshTokens: boolean
  /** Seconds until an access token expires. */
  expiresIn: number
}

/** An authorization server in front of a PostHog, with the routes and bodies of PostHog's own. */
export interface FakeAuthServer extends AsyncDisposable {
  readonly url: string
  readonly behavior: AuthBehavior
  /** Requests as `METHOD path`, without the query. */
  readonly requests: string[]
  /** Client metadata of the registrations. */
  readonly registrations: Readonly<Record<string, unknown>>[]
  /** Queries of the visits of the consent page. */
  readonly consents: URLSearchParams[]
  /** Valid access and refresh tokens. */
  readonly access: Set<string>
  readonly refresh: Set<string>
}

/**
 * Starts the server. It passes calls of the API to `upstream` with `key` in place of a valid access token. Refresh
 * tokens are valid once, without the two minutes of grace that PostHog gives.
 */
export async function startFakeAuthServer(upstream: string, key: string): Promise<FakeAuthServer> {
  const behavior: AuthBehavior = {
    metadata: true,
    registration: 201,
    answer: 'allow',
    projects: [1],
    refreshTokens: true,
    expiresIn: 3_600,
  }
  const clients = new Map<string, readonly string[]>()
  const codes = new Map<string, { readonly challenge: string; readonly redirectUri: string }>()
  const requests: string[] = []
  const registrations: Readonly<Record<string, unknown>>[] = []
  const consents: URLSearchParams[] = []
  const access = new Set<string>()
  const refresh = new Set<string>()
  /** Access tokens by the refresh token of the same response. */
  const accessOf = new Map<string, string>()
  let origin = ''

  const send = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const issueTokens = (response: ServerResponse): void => {
    const [accessToken, refreshToken] = ['pha_', 'phr_'].map((kind) => kind + randomBytes(20).toString('hex'))
    access.add(String(accessToken))
    accessOf.set(String(refreshToken), String(accessToken))
    if (behavior.refreshTokens) refresh.add(String(refreshToken))
    send(response, 200, {
      access_token: accessToken,
      expires_in: behavior.expiresIn,
      token_type: 'Bearer',
      scope: consents.at(-1)?.get('scope') ?? '',
      ...(behavior.refreshTokens ? { refresh_token: refreshToken } : {}),
      scoped_teams: behavior.projects,
      scoped_organizations: [],
    })
  }
  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    consents.push(query)
    const redirectUri = query.get('redirect_uri') ?? ''
    const isValid =
      clients.get(query.get('client_id') ?? '')?.includes(redirectUri) === true &&
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'S256'
    if (!isValid) {
      send(response, 400, { error: 'invalid_request' })
      return
    }
    const target = new URL(redirectUri)
    if (behavior.answer === 'deny') target.searchParams.set('error', 'access_denied')
    else {
      const code = randomBytes(15).toString('hex')
      codes.set(code, { challenge: query.get('code_challenge') ?? '', redirectUri })
      target.searchParams.set('code', code)
    }
    target.searchParams.set('state', query.get('state') ?? '')
    response.writeHead(302, { location: target.href }).end()
  }
  const isGranted = (form: URLSearchParams): boolean => {
    if (form.get('grant_type') === 'refresh_token') return refresh.delete(form.get('refresh_token') ?? '')
    const code = form.get('code') ?? ''
    const granted = codes.get(code)
    codes.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    return granted?.challenge === challenge && granted.redirectUri === form.get('redirect_uri')
  }
  const exchange = (form: URLSearchParams, response: ServerResponse): void => {
    if (!clients.has(form.get('client_id') ?? '')) send(response, 401, { error: 'invalid_client' })
    else if (isGranted(form)) issueTokens(response)
    else send(response, 400, { error: 'invalid_grant' })
  }
  /** Revoking a refresh token also ends its access token. */
  const revoke = (token: string): void => {
    refresh.delete(token)
    access.delete(accessOf.get(token) ?? token)
  }
  const passOn = async (request: IncomingMessage, body: string, response: ServerResponse): Promise<void> => {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '')
    const isToken = token.startsWith('pha_')
    // The route knows personal API keys only, and takes the access token for no key at all.
    const isRefused = isToken && (!access.has(token) || request.url?.includes('/personal_api_keys/') === true)
    if (isRefused) {
      const detail = access.has(token)
        ? 'Authentication credentials were not provided.'
        : 'Invalid access token.'
      return send(response, 401, {
        type: 'authentication_error',
        code: 'not_authenticated',
        detail,
        attr: null,
      })
    }
    const answer = await fetch(`${upstream}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { authorization: `Bearer ${isToken ? key : token}`, 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
    })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  }
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', origin)
    const route = `${request.method} ${url.pathname}`
    requests.push(route)
    const body = await text(request)
    switch (route) {
      case 'GET /.well-known/oauth-authorization-server':
        if (!behavior.metadata) return send(response, 404, {})
        return send(response, 200, {
          issuer: origin,
          authorization_endpoint: `${origin}/oauth/authorize/`,
          token_endpoint: `${origin}/oauth/token/`,
          registration_endpoint: `${origin}/oauth/register/`,
          scopes_supported: ['openid', 'user:read', 'project:read', 'query:read', 'endpoint:read'],
          code_challenge_methods_supported: ['S256'],
        })
      case 'POST /oauth/register/': {
        if (behavior.registration !== 201) {
          return send(response, behavior.registration, { error: 'invalid_client_metadata' })
        }
        const metadata = JSON.parse(body)
        const clientId = `client-${clients.size}`
        registrations.push(metadata)
        clients.set(clientId, metadata.redirect_uris)
        return send(response, 201, { client_id: clientId, redirect_uris: metadata.redirect_uris })
      }
      case 'GET /oauth/authorize/':
        return authorize(url.searchParams, response)
      case 'POST /oauth/token/':
        return exchange(new URLSearchParams(body), response)
      case 'POST /oauth/revoke/':
        revoke(new URLSearchParams(body).get('token') ?? '')
        response.writeHead(200).end()
        return
      default:
        return passOn(request, body, response)
    }
  }
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an AddressInfo.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: origin,
    behavior,
    requests,
    registrations,
    consents,
    access,
    refresh,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
