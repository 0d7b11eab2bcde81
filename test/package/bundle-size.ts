import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Project } from './project.ts'

/** Bundles a program of the project, minified. Returns its size in bytes, compressed with gzip -9. */
export async function bundleSize({ folder }: Pick<Project, 'folder'>, contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['zod'],
    logLevel: 'silent',
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength
}
