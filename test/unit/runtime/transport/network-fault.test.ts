import { describe, expect, it } from 'vitest'
import { readFault } from '../../../../src/runtime/transport/network-error.ts'

const node = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) })

describe('readFault', () => {
  it.each([
    ['Node: refused', node('ECONNREFUSED'), true, true],
    ['Node: unknown name', node('ENOTFOUND'), true, true],
    ['Node: name server busy', node('EAI_AGAIN'), true, true],
    ['Node: connect timeout', node('UND_ERR_CONNECT_TIMEOUT'), true, true],
    ['Node: reset', node('ECONNRESET'), false, true],
    ['Node: broken pipe', node('EPIPE'), false, true],
    ['Node: socket closed', node('UND_ERR_SOCKET'), false, true],
    ['Node: headers timeout', node('UND_ERR_HEADERS_TIMEOUT'), false, true],
    ['Node: certificate', node('CERT_HAS_EXPIRED'), false, false],
    ['Node: self-signed', node('DEPTH_ZERO_SELF_SIGNED_CERT'), false, false],
    ['Node: unknown authority', node('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), false, false],
    ['Node: name of the certificate', node('ERR_TLS_CERT_ALTNAME_INVALID'), false, false],
    [
      'Node: both addresses refused',
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      true,
      true,
    ],
    [
      'Bun: refused',
      Object.assign(new Error('Unable to connect'), { code: 'ConnectionRefused' }),
      true,
      true,
    ],
    ['Bun: reset', Object.assign(new Error('x'), { code: 'ECONNRESET' }), false, true],
    [
      'Deno: refused',
      new TypeError(
        'error sending request for url (https://a.test/): client error (Connect): tcp connect error',
      ),
      true,
      true,
    ],
    ['Deno: lost', new TypeError('error sending request for url (https://a.test/)'), false, true],
    ['workerd: lost', new Error('Network connection lost.'), false, true],
    ['Bun: closed', new Error('The socket connection was closed unexpectedly.'), false, true],
    ['Node: hung up', new Error('socket hang up'), false, true],
    ['Chromium', new TypeError('Failed to fetch'), false, true],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.'), false, true],
    ['Safari', new TypeError('Load failed'), false, true],
    ['a bug', new TypeError("Cannot read properties of undefined (reading 'x')"), false, false],
    ['text', 'oops', false, false],
    ['nothing', undefined, false, false],
  ])('%s', (_, error, unsent, transient) => {
    expect(readFault(error)).toMatchObject({ unsent, transient })
  })

  it('handles circular causes', () => {
    const error = new Error('x')
    error.cause = error
    expect(readFault(error)).toEqual({ code: undefined, unsent: false, transient: false })
  })

  it('ignores numeric codes', () => {
    expect(readFault(new DOMException('x', 'DataError')).code).toBeUndefined()
  })
})
