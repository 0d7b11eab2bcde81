import { resolve } from 'node:path'
import { SchemaError } from '../../codegen/schema/schema-error.ts'
import { readEnv } from '../../runtime/config/env.ts'
import { normalizeHost, regionHost } from '../../runtime/config/host.ts'
import { readConfig } from '../config/read-config.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'

/** Resolves a path against the working directory. URLs stay unchanged. */
export function resolveSource(source: string, cwd: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(source) ? source : resolve(cwd, source)
}

/** Loads a source. Rethrows the SchemaError of a file as a usage error; errors of URLs stay failures. */
export async function withUsageErrors<T>(source: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!(error instanceof SchemaError) || /^https?:/i.test(source)) throw error
    throw new UsageError(error.message.slice(0, -error.fix.length).trim(), error.fix, error)
  }
}

/** The configured host: `--host`, the environment, the configuration file, or PostHog Cloud US. Needs no key. */
export async function serverSource(context: Context): Promise<string> {
  const { io, options } = context
  const given = options.host ?? readEnv(io.env, false).host?.value
  const host = given ?? (await readConfig(context))?.config.host
  return host === undefined ? regionHost('us') : normalizeHost(host)
}
