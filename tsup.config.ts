import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { compactDeclarations } from './scripts/compact-declarations.ts'

// Files of an earlier build have other names, and would be packed. The option `clean` of one part of this
// configuration removes what another has written already.
await rm('dist', { recursive: true, force: true })

// Nothing here is told when the declarations of all parts are written: they are when nothing is left to do.
process.once('beforeExit', async (code) => {
  if (code === 0) await compactDeclarations('dist')
})

const shared: Options = {
  outDir: 'dist',
  target: 'es2022',
  tsconfig: 'tsconfig.build.json',
  splitting: false,
  treeshake: false,
  sourcemap: false,
}

/** `await using` of a stream: programs for an older library of TypeScript have no such symbol. */
const dts = { banner: '/// <reference lib="esnext.disposable" />' }

/** The entries that run anywhere. */
const neutral: Options = {
  entry: {
    index: 'src/index.ts',
    api: 'src/generated/api.gen.ts',
    zod: 'src/generated/zod.gen.ts',
    redis: 'src/redis.ts',
  },
  platform: 'neutral',
  external: ['zod'],
}

/**
 * Keeps what is loaded at the start in one file. By itself the bundler makes a file of each set of modules that some of
 * the later files share, two dozen of them, and what these import from each other is a sixth of a small program.
 */
const oneCore: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'one-core',
  setup(build) {
    const index = resolve('src/index.ts')
    const later = new Set<string>()
    build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const file = resolve(resolveDir, path)
      if (kind === 'dynamic-import') later.add(file)
      // Else an import for its own sake would be left out.
      return { path: file, sideEffects: true }
    })
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!later.has(path)) return undefined
      return { contents: `${await readFile(path, 'utf8')}\nimport ${JSON.stringify(index)}`, loader: 'ts' }
    })
  },
}

/** Files that are loaded later have the names of their modules: a hash in each of fifty names is half a kilobyte. */
const plainNames: NonNullable<Options['plugins']>[number] = {
  name: 'plain-names',
  async buildEnd({ writtenFiles }) {
    const files = writtenFiles.map(({ name }) => resolve(name)).filter((name) => name.endsWith('.js'))
    const taken = new Set(files.map((file) => basename(file)))
    const names = new Map<string, string>()
    for (const file of [...files].sort()) {
      const [hashed, name] = /^(.+)-[A-Z\d]{8}\.js$/.exec(basename(file)) ?? []
      if (hashed === undefined) continue
      let plain = `${name}.js`
      for (let count = 2; taken.has(plain); count++) plain = `${name}-${count}.js`
      taken.add(plain)
      names.set(hashed, plain)
    }
    for (const file of files) {
      const text = await readFile(file, 'utf8')
      await writeFile(
        file,
        text.replace(/"\.\/([\w.-]+\.js)"/g, (whole, name) => {
          const plain = names.get(name)
          return plain === undefined ? whole : `"./${plain}"`
        }),
      )
      const plain = names.get(basename(file))
      if (plain !== undefined) await rename(file, resolve(file, '..', plain))
    }
  },
}

/** One bundle per entry, as ESM and CommonJS, each with its declarations. */
const config: ReturnType<typeof defineConfig> = defineConfig([
  {
    ...shared,
    ...neutral,
    format: ['esm'],
    dts,
    // What is loaded later is a file of its own.
    splitting: true,
    esbuildPlugins: [oneCore],
    plugins: [plainNames],
  },
  { ...shared, ...neutral, format: ['cjs'], dts },
  {
    ...shared,
    entry: { testing: 'src/testing.ts', node: 'src/node.ts' },
    format: ['esm', 'cjs'],
    platform: 'node',
    dts,
    external: ['chdb'],
  },
  {
    ...shared,
    entry: { cli: 'src/cli/main.ts' },
    format: ['esm'],
    platform: 'node',
    external: ['chdb'],
    noExternal: ['commander', 'yaml', 'jsonpath-rfc9535'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  },
])

export default config
