import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { transform } from 'esbuild'

/** Where the build lists the packages whose code it bundles, for the license notices. */
export const bundledPackagesFile = '.tmp/bundled-packages.json'

/** Bundles that nobody reads in `dist`. */
const compacted = /^(?:cli|testing)\.c?js$/

/**
 * Lists the packages in the bundles of a folder, then minifies those of the CLI and the local PostHog, which would be a
 * quarter of the package.
 */
export async function compactBundles(folder: string): Promise<void> {
  const packages = new Set<string>()
  for (const name of (await readdir(folder)).filter((file) => /\.c?js$/.test(file))) {
    const code = await readFile(`${folder}/${name}`, 'utf8')
    for (const found of packagesIn(code)) packages.add(found)
    if (!compacted.test(name)) continue
    const options = { minify: true, target: 'es2022' } as const
    await writeFile(`${folder}/${name}`, (await transform(code, options)).code)
  }
  await mkdir('.tmp', { recursive: true })
  await writeFile(bundledPackagesFile, `${JSON.stringify([...packages].sort(), null, 2)}\n`)
}

/** esbuild puts a comment with the path above each module. */
function packagesIn(code: string): string[] {
  const comments = code.matchAll(/^\/\/ (?:.*\/)?node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)
  return [...comments].map(([, name = '']) => name)
}
