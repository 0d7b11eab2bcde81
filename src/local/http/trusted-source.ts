import { BlockList, isIP } from 'node:net'
import { type ApiError, forbidden } from './api-error.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Where a request came from, as far as its sender says. */
export interface RequestSource {
  /** The address that it names, by its path or its `Host` header. */
  readonly url: URL
  readonly origin: string | undefined
  /** The header `Sec-Fetch-Site`, which only browsers send. */
  readonly site: string | undefined
  /** The address of this machine that the connection leads to. */
  readonly localAddress: string | undefined
}

/**
 * The refusal of a request that a foreign web page may have sent: one for a name that leads to this machine by DNS
 * rebinding, or one with the origin of another site. Undefined for all others.
 *
 * @param hosts Names that are accepted beside those of the loopback interface
 */
export function foreignSource(source: RequestSource, hosts: readonly string[]): ApiError | undefined {
  const { url, origin, site, localAddress } = source
  const accepted = [...hosts, ...(localAddress === undefined ? [] : [localAddress.replace(/^::ffff:/, '')])]
  const isAccepted = (hostname: string): boolean =>
    isLoopback(hostname) || accepted.some((host) => bare(host) === bare(hostname))
  if (!isAccepted(url.hostname)) {
    return forbidden(
      `The local PostHog does not answer requests for the host ${url.hostname}. ` +
        'Use its own address, or pass the name in `allowedHosts` of `listen`.',
    )
  }
  if (origin !== undefined && !(URL.canParse(origin) && isAccepted(new URL(origin).hostname))) {
    return forbidden(
      `The local PostHog does not answer web pages of the origin ${origin}. ` +
        'Serve the page on this machine, or pass its host in `allowedHosts` of `listen`.',
    )
  }
  if (origin === undefined && site === 'cross-site') {
    return forbidden('The local PostHog does not answer requests that a browser sends for another site.')
  }
  return undefined
}

function isLoopback(hostname: string): boolean {
  const name = bare(hostname)
  const version = isIP(name)
  if (version === 0) return name === 'localhost' || name.endsWith('.localhost')
  return loopback.check(name, version === 4 ? 'ipv4' : 'ipv6')
}

/** A host without the brackets of IPv6, in lower case. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
}
