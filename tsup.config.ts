import { defineConfig, type Options } from 'tsup'

const shared: Options = {
  outDir: 'dist',
  target: 'es2022',
  tsconfig: 'tsconfig.build.json',
  splitting: false,
  treeshake: false,
  sourcemap: false,
}

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
  {
    ...shared,
    ...neutral,
    format: ['esm'],
    dts: true,
    // What is loaded later is a file of its own.
    splitting: true,
  },
  { ...shared, ...neutral, format: ['cjs'], dts: true },
  {
    ...shared,
    entry: { testing: 'src/testing.ts', node: 'src/node.ts' },
    format: ['esm', 'cjs'],
    platform: 'node',
    dts: true,
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
