import { defineConfig, type Options } from 'tsup'

const shared: Options = {
  outDir: 'dist',
  target: 'es2022',
  tsconfig: 'tsconfig.build.json',
  splitting: false,
  treeshake: false,
  sourcemap: false,
}

/** One bundle per entry, as ESM and CommonJS, each with its declarations. */
const config: ReturnType<typeof defineConfig> = defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', api: 'src/generated/api.gen.ts', zod: 'src/generated/zod.gen.ts' },
    format: ['esm', 'cjs'],
    platform: 'neutral',
    dts: true,
    external: ['zod'],
  },
  {
    ...shared,
    entry: { testing: 'src/testing.ts' },
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
