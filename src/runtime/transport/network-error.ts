import { ConnectionError } from '../errors/call-errors.ts'

/** The error for a rejection of `fetch`, or of the body after the headers. */
export function toConnectionError(cause: unknown, operation: string, inBody: boolean): ConnectionError {
  if (cause instanceof ConnectionError) return cause
  const { code, unsent, transient } = readFault(cause)
  const what = inBody ? 'the connection broke during the body' : unsent ? 'no connection' : 'no response'
  return new ConnectionError({
    operation,
    message: `${operation}: ${what}${code === undefined ? '' : ` (${code})`}.`,
    fix: 'Check `host`, the network and any proxy; `cause` has the details.',
    cause,
    code,
    unsent: unsent && !inBody,
    transient: transient || inBody,
  })
}

/** The error for a body that is shorter than its content length. */
export function truncatedBodyError(
  { headers }: Response,
  operation: string,
  received: number,
): ConnectionError {
  return new ConnectionError({
    operation,
    message: `${operation}: the body ended after ${received} of ${headers.get('content-length')} bytes.`,
    fix: 'Check for a proxy that truncates responses.',
  })
}

/** A classified rejection of `fetch`. */
export interface NetworkFault {
  /** Error code of the system or runtime. */
  readonly code: string | undefined
  /** Whether the request certainly did not reach a server. */
  readonly unsent: boolean
  /** Whether a retry may succeed. False for an invalid certificate, or a bug in a custom `fetch`. */
  readonly transient: boolean
}

/** Maximum depth of inspected causes. Also ends circular ones. */
const maxDepth = 5
/** Failures before a connection: Node's system and undici codes, and Bun's names. */
const unsentCode =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket)$/
/** Deno has no codes; this is the message of its HTTP library for a failed connection. */
const unsentText = /client error \(Connect\)/
/** Certificate errors, and Node's argument errors. */
const permanentCode = /CERT|SELF_SIGNED|UNABLE_TO|^ERR_/
/** Messages of Node, Bun, Deno, workerd and browsers for a lost connection, where there is no code. */
const networkText = /fetch|network|socket|connection|load failed|sending request/i

/** Classifies an error of `fetch` or of a body, including its chain of causes. */
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
    transient: code === undefined ? networkText.test(text) : !permanentCode.test(code),
  }
}
