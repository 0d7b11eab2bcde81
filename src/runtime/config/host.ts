import { ConfigurationError } from '../errors/posthog-error.ts'
import { unexpected } from './check-options.ts'

/** Region of PostHog Cloud. */
export type Region = 'us' | 'eu'

const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i
const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i
/** The app, the ingestion and the assets hosts of PostHog Cloud. `app.posthog.com` is the old name of the US app. */
const cloud = /^(?:(us|eu)(?:-assets)?(?:\.i)?|app)\.posthog\.com$/

/**
 * The address of the private API: scheme, host and sub-path, without a final slash. Ingestion hosts of PostHog Cloud
 * become the app host of their region.
 *
 * @throws ConfigurationError when it is not an http(s) address, or carries a user name, query or fragment
 */
export function normalizeHost(input: string): string {
  const text = input.trim()
  const address = hasScheme.test(text) ? text : `${isLocal.test(text) ? 'http' : 'https'}://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    // The address is not shown: it may carry a password.
    throw new ConfigurationError({
      message: '`host` is not an http(s) address without user name, query and fragment.',
      fix: 'Use an address such as https://eu.posthog.com or https://posthog.example.com.',
    })
  }
  // A copied address of PostHog Cloud may carry the path of a page.
  const region = cloudRegion(url.hostname)
  return region === undefined ? url.origin + url.pathname.replace(/\/+$/, '') : regionHost(region)
}

/** The host of a region's private API. */
export function regionHost(region: Region): string {
  return `https://${region}.posthog.com`
}

/** The region that a normalised host belongs to; undefined for self-hosted ones. */
export function regionOf(host: string): Region | undefined {
  return cloudRegion(new URL(host).hostname)
}

function cloudRegion(hostname: string): Region | undefined {
  const match = cloud.exec(hostname)
  return match === null ? undefined : match[1] === 'eu' ? 'eu' : 'us'
}

/** The host that takes events and evaluates flags. On PostHog Cloud that is another one than that of the private API. */
export function publicHost(host: string): string {
  return host.replace(/^(https:\/\/(?:us|eu))(?=\.posthog\.com$)/, '$1.i')
}

/** Digits, or `@current`: the project that the key's user last opened in the app. */
export type ProjectId = string

/**
 * Reads the number of a project.
 *
 * @throws ConfigurationError for anything else; names and tokens of projects are not ids
 */
export function readProjectId(value: number | string | undefined): ProjectId | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw unexpected('`projectId`', value, 'the number of a project')
  }
  const text = String(value).trim()
  if (/^(?:[1-9]\d*|@current)$/.test(text)) return text
  throw new ConfigurationError({
    message: '`projectId` is not the number of a project.',
    fix: 'Use the number in the address of the app, /project/<number>.',
  })
}
