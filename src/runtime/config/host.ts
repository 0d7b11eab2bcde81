import { ConfigurationError } from '../errors/posthog-error.ts'
import { unexpected } from './check-options.ts'

/** Region of PostHog Cloud. */
export type Region = 'us' | 'eu'

const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i
const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i
/** App, ingestion and asset hosts of PostHog Cloud. `app.posthog.com` is the old name of the US app. */
const cloud = /^(?:(us|eu)(?:-assets)?(?:\.i)?|app)\.posthog\.com$/

/**
 * Normalizes the URL of the private API: scheme, host and sub-path, without a trailing slash. Ingestion hosts of PostHog
 * Cloud become the app host of their region.
 *
 * @throws ConfigurationError when it is not an http(s) URL, or has a user name, query or fragment
 */
export function normalizeHost(input: string): string {
  const text = input.trim()
  const address = hasScheme.test(text) ? text : `${isLocal.test(text) ? 'http' : 'https'}://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    // The URL may contain a password, so the message omits it.
    throw new ConfigurationError({
      message: '`host` is invalid; expected an http(s) URL without user name, query and fragment.',
      fix: 'Use a URL such as https://eu.posthog.com or https://posthog.example.com.',
    })
  }
  // A URL copied from the app may have the path of a page.
  const region = cloudRegion(url.hostname)
  return region === undefined ? url.origin + url.pathname.replace(/\/+$/, '') : regionHost(region)
}

/** The host of a region's private API. */
export function regionHost(region: Region): string {
  return `https://${region}.posthog.com`
}

/** The region of a normalized host; undefined for self-hosted ones. */
export function regionOf(host: string): Region | undefined {
  return cloudRegion(new URL(host).hostname)
}

function cloudRegion(hostname: string): Region | undefined {
  const match = cloud.exec(hostname)
  return match === null ? undefined : match[1] === 'eu' ? 'eu' : 'us'
}

/** The host for event capture and flag evaluation. On PostHog Cloud, it differs from the host of the private API. */
export function publicHost(host: string): string {
  return host.replace(/^(https:\/\/(?:us|eu))(?=\.posthog\.com$)/, '$1.i')
}

/** Id of a project: digits, or `@current` for the project that the key's user last opened in the app. */
export type ProjectId = string

/**
 * Validates a project id.
 *
 * @throws ConfigurationError for anything else, such as the name or token of a project
 */
export function readProjectId(value: number | string | undefined): ProjectId | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw unexpected('`projectId`', value, 'a project id')
  }
  const text = String(value).trim()
  if (/^(?:[1-9]\d*|@current)$/.test(text)) return text
  throw new ConfigurationError({
    message: '`projectId` is not a valid project id; expected a positive integer.',
    fix: 'Use the number in the URL of the app, /project/<number>.',
  })
}
