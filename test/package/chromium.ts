import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The executable of an installed Chromium or Chrome. Undefined when there is none. */
export const chromiumPath: string | undefined = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'google-chrome'].map((name) => join(folder, name)))
  .find((path) => existsSync(path))
