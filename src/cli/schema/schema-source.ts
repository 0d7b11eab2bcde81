import { resolve } from 'node:path'

/** Paths are taken from the working folder; addresses stay as they are. */
export function schemaSource(source: string, cwd: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(source) ? source : resolve(cwd, source)
}
