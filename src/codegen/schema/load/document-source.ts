import { fileURLToPath } from 'node:url'
import { SchemaError } from '../schema-error.ts'

/** The origin of a document, and its name for messages and the lock file. */
export type DocumentSource =
  | { readonly kind: 'url'; readonly url: URL; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly name: string }

const schemaPath = '/api/schema/'

/**
 * Parses a source that a user passed: the URL of a document, a PostHog host (with or without a path before `/api`),
 * or a file. A host stands for its `/api/schema/`. The server requires the trailing slash.
 *
 * @throws SchemaError for a URL with credentials or with a protocol other than http, https or file
 */
export function readDocumentSource(source: string | URL): DocumentSource {
  const text = String(source)
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return { kind: 'file', path: text, name: baseName(text) }
  const url = parseUrl(text)
  if (scheme === 'file') {
    const path = fileURLToPath(url)
    return { kind: 'file', path, name: baseName(path) }
  }
  if (scheme !== 'https' && scheme !== 'http') {
    const problem = `The protocol ${scheme} is not supported.`
    throw new SchemaError({ source: text, problem, fix: 'Pass an https URL or a file.' })
  }
  if (url.username !== '' || url.password !== '') {
    const problem = 'The URL contains a user name or password.'
    throw new SchemaError({ source: url.host, problem, fix: 'Remove it: the schema is public.' })
  }
  if (!isDocumentUrl(url)) {
    url.pathname = url.pathname.replace(/\/+$/, '') + schemaPath
    url.search = '?format=json'
    return { kind: 'url', url, name: url.host }
  }
  return { kind: 'url', url, name: `${url.host}${url.pathname}` }
}

function isDocumentUrl(url: URL): boolean {
  return /\.(?:json|ya?ml)$/i.test(url.pathname) || /\/api\/schema\/?$/.test(url.pathname)
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch (cause) {
    const problem = 'This is not a valid URL.'
    throw new SchemaError({ source: text, problem, fix: 'Write it like https://us.posthog.com.', cause })
  }
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
