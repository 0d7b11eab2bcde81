import { spawn } from 'node:child_process'

/** Opens a URL with the program of the platform. Resolves to false when that fails. */
export function openInBrowser(url: string): Promise<boolean> {
  const [command, ...args] = openerOf(process.platform)
  return new Promise((resolve) => {
    // Without a shell, so that no part of the URL is a command.
    const opener = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    opener.once('error', () => resolve(false))
    opener.once('spawn', () => {
      opener.unref()
      resolve(true)
    })
  })
}

function openerOf(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open']
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open']
}
