import { ConnectionError } from '../errors/call-errors.ts'

/** The error for a rejection of `fetch`, or of a body after its headers. */
export function toConnectionError(cause: unknown, operation: string, inBody: boolean): ConnectionError {
  if (cause instanceof ConnectionError) return cause
  const { code, unsent, transient } = readFault(cause)
  const what = inBody ? 'the connection broke within the body' : unsent ? 'no connection' : 'no answer'
  return new ConnectionError({
    operation,
    message: `${operation}: ${what}${code === undefined ? '' : ` (${code})`}.`,
    fix: 'Check `host`, the network and any proxy between; `cause` has the details.',
    cause,
    code,
    unsent: unsent && !inBody,
    transient: transient || inBody,
  })
}

/** The error for a body that ended before its announced length. */
export function truncatedBodyError(
  { headers }: Response,
  operation: string,
  received: number,
): ConnectionError {
  return new ConnectionError({
    operation,
    message: `${operation}: the body ended after ${received} of ${headers.get('content-length')} bytes.`,
    fix: 'Look for a proxy that cuts answers off.',
  })
}

/** What a rejection of `fetch` says about the connection. */
export interface NetworkFault {
  /** The system's or the runtime's code. */
  readonly code: string | undefined
  /** Whether the request certainly did not reach a server. */
  readonly unsent: boolean
  /** Whether it may pass by itself. A bad certificate or a bug in a custom `fetch` does not. */
  readonly transient: boolean
}

/** Causes deeper than this are not looked at; also ends circles. */
const maxDepth = 5
/** Failures to find or open a connection: Node's system and undici codes, Bun's names. */
const unsentCode =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket)$/
/** Deno has no codes; this is how its HTTP library words a failure to connect. */
const unsentText = /client error \(Connect\)/
/** Certificates, and Node's own complaints about arguments. */
const lastingCode = /CERT|SELF_SIGNED|UNABLE_TO|^ERR_/
/** How Node, Bun, Deno, workerd and the browsers word a lost connection, where they give no code. */
const networkText = /fetch|network|socket|connection|load failed|sending request/i

/** Reads a failure of `fetch`, or of a body that it gave, along its chain of causes. */
export function readFault(error: unknown): NetworkFault {
  let code: string | undefined
  let text = ''
  let current = error
  for (let depth = 0; depth < maxDepth && typeof current === 'object' && current !== null; depth++) {
    const { code: found, message, cause } = current as { code?: unknown; message?: unknown; cause?: unknown }
    if (typeof found === 'string') code = found
    if (typeof message === 'string') text += `${message}\n`
    current = cause
  }
  return {
    code,
    unsent: unsentCode.test(code ?? '') || unsentText.test(text),
    transient: code === undefined ? networkText.test(text) : !lastingCode.test(code),
  }
}
