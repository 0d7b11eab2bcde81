import { isObject } from '../../../shared/is-object.ts'
import { validateDocument } from '../check/validate-document.ts'
import type { OpenApiDocument } from '../document.ts'
import { SchemaError } from '../schema-error.ts'

/** The content of `posthog.schema.lock.json`: what the types of a project say about its PostHog server. */
export interface ServerLock {
  readonly lockfileVersion: 1
  /** Version of Typehog, whose snapshot has all other operations. */
  readonly typehog: string
  /** Host, URL or file name of the document. */
  readonly source: string
  /** Day of the pull in UTC, such as `2026-05-07`. */
  readonly day: string
  /** SHA-256 of the original document. */
  readonly sha256: string
  readonly counts: ServerCounts
  /** Routes of Typehog's snapshot that the server does not have. */
  readonly missing: readonly string[]
  /** The normalized operations in the module, with their schemas. */
  readonly document: OpenApiDocument
}

/** Numbers of operations. */
export interface ServerCounts {
  /** Operations of the server. */
  readonly server: number
  /** Operations in the module: absent from the snapshot, or different in it. */
  readonly written: number
  /** Operations of the snapshot that the server does not have. */
  readonly missing: number
}

/** Renders a lock, indented by one space to keep the file small. */
export function renderServerLock(lock: ServerLock): string {
  return `${JSON.stringify(lock, null, 1)}\n`
}

/**
 * Parses a lock file.
 *
 * @throws SchemaError when it is not one
 */
export function parseServerLock(text: string, file: string): ServerLock {
  const fail = (problem: string, cause?: unknown): never => {
    const fix = 'Restore it from version control, or run `typehog schema pull` to recreate it.'
    throw new SchemaError({ source: file, problem, fix, cause })
  }
  let lock: unknown
  try {
    lock = JSON.parse(text)
  } catch (cause) {
    return fail('The lock is not JSON.', cause)
  }
  if (!isObject(lock) || lock['lockfileVersion'] !== 1)
    return fail('The lock does not have lockfileVersion 1.')
  const { typehog, source, day, sha256, counts, missing, document } = lock
  for (const [name, value] of Object.entries({ typehog, source, day, sha256 })) {
    if (typeof value !== 'string') fail(`Expected \`${name}\` of the lock to be a string.`)
  }
  if (!isObject(counts)) fail('Expected `counts` of the lock to be an object.')
  if (!Array.isArray(missing) || !missing.every((route) => typeof route === 'string')) {
    fail('Expected `missing` of the lock to be a list of routes.')
  }
  // The fields have been checked above. The document of a server that equals the snapshot has no paths.
  return { ...(lock as unknown as ServerLock), document: validateDocument(document, file, true) }
}
