import { fileURLToPath } from 'node:url'
import { SchemaError } from '../schema-error.ts'

/** Where a document is fetched from, and the name it goes by in messages and in the lock file. */
export type DocumentSource =
  | { readonly kind: 'address'; readonly url: URL; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly name: string }

const schemaPath = '/api/schema/'

/**
 * Reads what a user gave as a source: an address of a document, a PostHog host (with or without a path in front of
 * `/api`), or a file. A host means its `/api/schema/`, whose final slash the server insists on.
 *
 * @throws SchemaError for an address with credentials or of another protocol.
 */
export function readSource(source: string | URL): DocumentSource {
  const text = String(source)
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return { kind: 'file', path: text, name: baseName(text) }
  const url = parse(text)
  if (scheme === 'file') {
    const path = fileURLToPath(url)
    return { kind: 'file', path, name: baseName(path) }
  }
  if (scheme !== 'https' && scheme !== 'http') {
    const problem = `The protocol ${scheme} is not known.`
    throw new SchemaError({ source: text, problem, fix: 'Give an https address or a file.' })
  }
  if (url.username !== '' || url.password !== '') {
    const problem = 'The address carries a user name or password.'
    throw new SchemaError({ source: url.host, problem, fix: 'Leave it out: the schema is public.' })
  }
  if (!isDocumentAddress(url)) {
    url.pathname = url.pathname.replace(/\/+$/, '') + schemaPath
    url.search = '?format=json'
    return { kind: 'address', url, name: url.host }
  }
  return { kind: 'address', url, name: `${url.host}${url.pathname}` }
}

function isDocumentAddress(url: URL): boolean {
  return /\.(?:json|ya?ml)$/i.test(url.pathname) || /\/api\/schema\/?$/.test(url.pathname)
}

function parse(text: string): URL {
  try {
    return new URL(text)
  } catch (cause) {
    const problem = 'This is not an address.'
    throw new SchemaError({ source: text, problem, fix: 'Write it like https://us.posthog.com.', cause })
  }
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
