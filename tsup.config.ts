import { rm } from 'node:fs/promises'
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

/** One bundle per entry, as ESM and CommonJS, each with its declarations. */
const config: ReturnType<typeof defineConfig> = defineConfig([
  { ...shared, ...neutral, format: ['esm', 'cjs'], dts },
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
    noExternal: ['commander', 'jsonpath-rfc9535', 'leven', 'string-width', 'yaml'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  },
])

export default config
