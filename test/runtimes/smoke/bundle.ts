import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The suite as one file of plain JavaScript that imports nothing. */
export async function bundleSuite(format: 'esm' | 'cjs'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./suite.ts', import.meta.url))],
    bundle: true,
    write: false,
    format,
    platform: 'neutral',
    target: 'es2022',
  })
  return outputFiles.map(({ text }) => text).join('')
}
