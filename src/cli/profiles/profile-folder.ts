import { posix, win32 } from 'node:path'
import type { Env } from '../../runtime/config/env.ts'

/**
 * The folder of the profiles: `typehog` in %APPDATA% on Windows, and in $XDG_CONFIG_HOME or ~/.config elsewhere.
 *
 * @returns undefined when the environment names no folder
 */
export function profileFolder(env: Env, os: NodeJS.Platform): string | undefined {
  const { isAbsolute, join } = os === 'win32' ? win32 : posix
  // The XDG specification ignores relative paths: they would depend on the working directory.
  const absolute = (path: string | undefined): string | undefined =>
    path !== undefined && isAbsolute(path) ? path : undefined
  if (os === 'win32') {
    const home = absolute(env['USERPROFILE'])
    const data = absolute(env['APPDATA']) ?? (home && join(home, 'AppData', 'Roaming'))
    return data && join(data, 'typehog')
  }
  const home = absolute(env['HOME'])
  const config = absolute(env['XDG_CONFIG_HOME']) ?? (home && join(home, '.config'))
  return config && join(config, 'typehog')
}
