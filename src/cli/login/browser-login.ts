import { createHash, randomBytes } from 'node:crypto'
import { startDeadline, untilAbort, watchSignal } from '../../runtime/transport/deadline.ts'
import type { Context } from '../context.ts'
import { openInBrowser } from '../open-url.ts'
import { type AuthServer, exchangeCode, type Grant, readAuthMetadata, registerClient } from './auth-server.ts'
import { type CallbackListener, hasState, listenForCallback } from './callback.ts'
import { LoginError } from './login-error.ts'

/** Milliseconds for the user to log in. */
const timeout = 300_000

/** Options of a login in the browser. */
export interface BrowserLoginOptions {
  /** Scopes to request, if the server knows them. */
  readonly scopes: readonly string[]
  /** Whether to open the browser. Otherwise the user opens the URL, maybe on another machine. */
  readonly opensBrowser: boolean
  /** Asks for the URL that a browser on another machine cannot open; undefined when the user cannot be asked. */
  readonly ask: NonNullable<Context['io']['prompt']> | undefined
}

/** A completed login, or why the server offers none. */
export type BrowserLogin =
  | { readonly clientId: string; readonly grant: Grant; readonly refusal?: never }
  | { readonly refusal: string }

/**
 * Logs in with the authorization code flow for programs on the user's machine (RFC 8252): PKCE with S256, a random
 * `state`, and a return to 127.0.0.1. The login ends after 5 minutes.
 *
 * @throws LoginError when the user refuses, or the time is over
 */
export async function loginInBrowser(
  context: Context,
  server: AuthServer,
  options: BrowserLoginOptions,
): Promise<BrowserLogin> {
  const metadata = await readAuthMetadata(server)
  if (metadata === undefined) {
    return { refusal: `${server.host} offers no login for command-line programs` }
  }
  const state = randomBytes(32).toString('base64url')
  const verifier = randomBytes(32).toString('base64url')
  const callback = await listenForCallback(state)
  try {
    const { redirectUri } = callback
    const registration = await registerClient(server, redirectUri)
    if ('refusal' in registration) {
      return { refusal: `${server.host} did not register this program: it returned ${registration.refusal}` }
    }
    const { clientId } = registration
    const known = metadata.scopes
    const url = authorizeUrl(server.host, {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: options.scopes.filter((scope) => known?.includes(scope) !== false).join(' '),
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      // The consent page then asks for one project.
      required_access_level: 'project',
    })
    const query = await waitForReturn(context, server, url, callback, { ...options, state })
    const code = query.get('code')
    if (code === null) throw refused(query)
    return { clientId, grant: await exchangeCode(server, { clientId, redirectUri, code, verifier }) }
  } finally {
    await callback.close()
  }
}

function authorizeUrl(host: string, parameters: Readonly<Record<string, string>>): string {
  return `${host}/oauth/authorize/?${new URLSearchParams(parameters)}`
}

/** Shows the URL, and returns the query of the return: from the browser, or pasted by the user. */
async function waitForReturn(
  context: Context,
  { platform, signal }: AuthServer,
  url: string,
  callback: CallbackListener,
  { opensBrowser, ask, state }: BrowserLoginOptions & { readonly state: string },
): Promise<URLSearchParams> {
  const deadline = startDeadline(platform, watchSignal(signal), timeout, () => {
    return new LoginError(
      `Nobody logged in within ${timeout / 60_000} minutes.`,
      'Run `typehog login` again.',
    )
  })
  try {
    context.warn(
      opensBrowser ? 'Log in with the browser. If it does not open:' : 'Open this URL in a browser:',
    )
    context.warn(`  ${url}`)
    if (opensBrowser) {
      await (context.io.openUrl ?? openInBrowser)(url)
      return await untilAbort(callback.query, deadline)
    }
    if (ask === undefined) return await untilAbort(callback.query, deadline)
    const answered = new AbortController()
    const returned = callback.query.finally(() => answered.abort())
    const pasted = askForReturn(context, ask, state, AbortSignal.any([answered.signal, deadline.signal]))
    return await untilAbort(Promise.race([returned, pasted]), deadline)
  } finally {
    deadline.end()
  }
}

/** Asks for the URL of the return until it fits. Settles only with a fitting one. */
function askForReturn(
  context: Context,
  ask: NonNullable<BrowserLoginOptions['ask']>,
  state: string,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  context.warn('On another machine, the browser then cannot open a page of 127.0.0.1. Paste its URL here.')
  return new Promise((resolve) => {
    const next = async (): Promise<void> => {
      const answer = await ask('URL: ', { signal, hidden: true })
      // At the end of the input, only the browser is left.
      if (answer === undefined) return
      const text = answer.trim()
      const query = URL.canParse(text) ? new URL(text).searchParams : undefined
      if (query !== undefined && hasState(query, state)) return resolve(query)
      if (text !== '') context.warn('Expected the whole URL of the page after this login.')
      return next()
    }
    // An abort ends the question, and the caller has its reason.
    next().catch(() => {})
  })
}

function refused(query: URLSearchParams): LoginError {
  const code = query.get('error') ?? ''
  if (code === 'access_denied') {
    return new LoginError(
      'The login was refused in the browser.',
      'Run `typehog login` again and authorize it.',
    )
  }
  const shown = /^[\w.-]{1,60}$/.test(code) ? ` (${code})` : ''
  return new LoginError(
    `PostHog did not complete the login${shown}.`,
    'Run `typehog login` again, or use a personal API key: `typehog login --with-key`.',
  )
}
