import { relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Project } from './project.ts'

/** A program as a bundler that splits would ship it. */
export interface Shipped {
  /** Texts of the files, by their names; `stdin.js` is the program. */
  readonly files: ReadonlyMap<string, string>
  /** The files that are loaded at the start. */
  readonly first: ReadonlySet<string>
  /** The files that are loaded with a file of the package, by its name in `dist`. */
  readonly loadedWith: (name: string) => ReadonlySet<string>
}

/** Bundles a program of the project, minified and split. */
export async function ship({ folder }: Pick<Project, 'folder'>, contents: string): Promise<Shipped> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: 'out',
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['zod'],
    logLevel: 'silent',
  })
  const files = new Map(outputFiles.map(({ path, text }) => [relative('out', path), text]))
  const follow = (name: string, found = new Set<string>()): Set<string> => {
    if (found.has(name)) return found
    found.add(name)
    for (const { path, kind } of metafile.outputs[`out/${name}`]?.imports ?? []) {
      const imported = relative('out', path)
      if (kind === 'import-statement' && files.has(imported)) follow(imported, found)
    }
    return found
  }
  const loadedWith = (name: string): Set<string> => {
    const entry = Object.entries(metafile.outputs).find(([, output]) => {
      return output.entryPoint?.endsWith(`/dist/${name}.js`) === true
    })
    if (entry === undefined) throw new Error(`The program loads no ${name}.js later`)
    return follow(relative('out', entry[0]))
  }
  return { files, first: follow('stdin.js'), loadedWith }
}

/** Bytes of some of the files, compressed with gzip -9. */
export function zippedSize({ files }: Shipped, names: Iterable<string>): number {
  const text = [...names].map((name) => files.get(name) ?? '').join('\n')
  return gzipSync(text, { level: 9 }).byteLength
}
