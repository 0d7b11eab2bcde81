import { BlockList, isIP } from 'node:net'
import { type ApiError, forbidden } from './api-error.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** The source of a request, according to its headers and connection. */
export interface RequestSource {
  /** The URL of the request, from its target and its `Host` header. */
  readonly url: URL
  readonly origin: string | undefined
  /** The `Sec-Fetch-Site` header, which only browsers send. */
  readonly site: string | undefined
  /** The local address of the connection. */
  readonly localAddress: string | undefined
}

/**
 * Detects a request that a foreign web page may have sent: by DNS rebinding, or from another origin.
 *
 * @param hosts Accepted host names, in addition to those of the loopback interface.
 * @returns The 403 to send, or undefined for an accepted request.
 */
export function foreignRequestError(source: RequestSource, hosts: readonly string[]): ApiError | undefined {
  const { url, origin, site, localAddress } = source
  const accepted = [...hosts, ...(localAddress === undefined ? [] : [localAddress.replace(/^::ffff:/, '')])]
  const isAccepted = (hostname: string): boolean =>
    isLoopback(hostname) || accepted.some((host) => normalizeHost(host) === normalizeHost(hostname))
  if (!isAccepted(url.hostname)) {
    return forbidden(
      `The local PostHog rejects requests for the host ${url.hostname}. ` +
        'Use the URL that `listen` returns, or add the host to its option `allowedHosts`.',
    )
  }
  if (origin !== undefined && !(URL.canParse(origin) && isAccepted(new URL(origin).hostname))) {
    return forbidden(
      `The local PostHog rejects requests from web pages of ${origin}. ` +
        'Serve the page from this machine, or add its host to the option `allowedHosts` of `listen`.',
    )
  }
  if (origin === undefined && site === 'cross-site') {
    return forbidden(
      'The local PostHog rejects cross-site requests from browsers. Open the URL directly, or from a page on this machine.',
    )
  }
  return undefined
}

/** Whether a host is a name or an address of the loopback interface. */
export function isLoopback(hostname: string): boolean {
  const name = normalizeHost(hostname)
  const version = isIP(name)
  if (version === 0) return name === 'localhost' || name.endsWith('.localhost')
  return loopback.check(name, version === 4 ? 'ipv4' : 'ipv6')
}

/** A host in lower case, without the brackets of IPv6. */
function normalizeHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
}
