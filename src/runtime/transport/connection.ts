import { ConnectionError } from '../errors/connection-error.ts'
import { readFault } from './network-fault.ts'

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
export function toCutBody({ headers }: Response, operation: string, received: number): ConnectionError {
  return new ConnectionError({
    operation,
    message: `${operation}: the body ended after ${received} of ${headers.get('content-length')} bytes.`,
    fix: 'Look for a proxy that cuts answers off.',
  })
}
