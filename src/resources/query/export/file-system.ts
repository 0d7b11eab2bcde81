import { ConfigurationError } from '../../../runtime/errors/configuration-error.ts'

type FileSystem = typeof import('node:fs/promises')

/**
 * The files of this runtime, asked for when they are needed: a program for a browser or an edge has none.
 *
 * @throws ConfigurationError when there are none
 */
export function fileSystem(): FileSystem {
  const files = globalThis.process?.getBuiltinModule?.('fs/promises')
  if (files !== undefined) return files
  throw new ConfigurationError({
    message: 'This runtime has no files.',
    fix: 'Loop over the stream and write its rows where they belong, or export in Node 20.16, Deno or Bun.',
  })
}

/** Whether an error says that a file is not there. */
export function isMissing(error: unknown): boolean {
  return Object(error).code === 'ENOENT'
}
