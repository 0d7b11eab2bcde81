import { defaults } from '../../runtime/config/defaults.ts'
import { readEnv } from '../../runtime/config/env.ts'
import { normalizeHost, regionHost, regionOf } from '../../runtime/config/host.ts'
import { readConfig } from '../config/read-config.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import type { Profile } from '../profiles/profile.ts'

/**
 * The host of a login: `--host`, that of the profile, or that of the process's environment. The configuration file and
 * `.env` files are part of a repository, so they cannot choose the host that a user gives a key to.
 */
export function readLoginHost(context: Context, previous: Profile | undefined): string | undefined {
  const { io, options, envFiles } = context
  if (options.host !== undefined) return normalizeHost(options.host)
  if (previous !== undefined) return previous.host
  const variable = readEnv(io.env, true).host
  return variable === undefined || envFiles.has(variable.name) ? undefined : normalizeHost(variable.value)
}

/** Asks for the host. Without a terminal to ask on, the default host. */
export async function askHost(context: Context): Promise<string> {
  const { io, options } = context
  const preset = await presetHost(context)
  if (io.prompt === undefined || io.isTTY.stdin !== true || options.json === true) return preset
  for (;;) {
    const answer = await io.prompt(`PostHog: us, eu, or the URL of your own [${preset}]: `)
    io.signal.throwIfAborted()
    if (answer === undefined) throw new UsageError('The input ended before an answer.', 'Pass --host.')
    const text = answer.trim()
    if (text === '') return preset
    if (text === 'us' || text === 'eu') return regionHost(text)
    try {
      return normalizeHost(text)
    } catch {
      context.warn('Expected us, eu, or a URL such as https://posthog.example.com.')
    }
  }
}

/** The host of the configuration file if it is PostHog Cloud, which cannot be an impostor. */
async function presetHost(context: Context): Promise<string> {
  const loaded = await readConfig(context).catch(() => undefined)
  const configured = loaded?.config.host
  if (configured === undefined) return defaults.host
  const host = normalizeHost(configured)
  if (regionOf(host) !== undefined) return host
  context.note(`${loaded?.file} is for ${host}. To log in there, pass --host ${host}.`)
  return defaults.host
}
