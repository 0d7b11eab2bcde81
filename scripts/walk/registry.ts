import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/** An npm registry on 127.0.0.1. */
export interface Registry extends AsyncDisposable {
  readonly url: string
}

/**
 * Serves a packed package under its name, so that `npm install typehog` installs it. Redirects requests for other
 * packages to another registry.
 */
export async function serveRegistry(tarball: string, upstream?: string): Promise<Registry> {
  const manifest = JSON.parse(await readFile('package.json', 'utf8'))
  const { name, version } = manifest
  const bytes = await readFile(tarball)
  const server = createServer(({ url: path = '/' }, response) => {
    const url = `http://${hostOf(server)}`
    if (path === `/${name}`) {
      const hash = (algorithm: string): Buffer => createHash(algorithm).update(bytes).digest()
      const dist = {
        tarball: `${url}/${name}/-/${basename(tarball)}`,
        integrity: `sha512-${hash('sha512').toString('base64')}`,
        shasum: hash('sha1').toString('hex'),
      }
      const versions = { [version]: { ...manifest, dist } }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }))
    } else if (path === `/${name}/-/${basename(tarball)}`) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes)
    } else if (upstream === undefined) response.writeHead(404).end()
    else {
      response.writeHead(307, { location: new URL(path.slice(1), upstream).href }).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://${hostOf(server)}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The registry that npm uses on this machine. */
export async function configuredRegistry(): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'])
  return stdout.trim()
}

/** Host and port of a listening server. */
function hostOf(server: ReturnType<typeof createServer>): string {
  // A server that listens on TCP has such an address.
  const { address, port } = server.address() as AddressInfo
  return `${address}:${port}`
}
