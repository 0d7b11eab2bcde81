import { rm, writeFile } from 'node:fs/promises'
import { defineConfig, type Options } from 'tsup'
import { compactBundles } from './scripts/compact-bundles.ts'
import { compactDeclarations, shareDeclarations } from './scripts/compact-declarations.ts'
import { simplifyDeclarations } from './scripts/simplify-declarations/simplify-declarations.ts'
import { mergeDeclarations, splitDeclarations } from './scripts/split-declarations.ts'
import { configJsonSchema, jsonSchemaFile } from './src/cli/config/json-schema.ts'
import { packShippedSchema, shippedFile } from './src/codegen/schema/server/shipped-schema.ts'

// Files of an earlier build have other names, and would be packed. The option `clean` of one part of this
// configuration removes what another has written already.
await rm('dist', { recursive: true, force: true })

// tsup has no hook for the end of all parts. All declarations are written when Node has nothing left to do.
process.once('beforeExit', async (code) => {
  if (code !== 0) return
  await compactBundles('dist')
  await compactDeclarations('dist')
  await mergeDeclarations('dist', 'operations.gen-', 'types.gen-')
  await simplifyDeclarations('dist', 'types.gen-')
  await splitDeclarations('dist', 'types.gen-', ['api', 'zod'])
  await shareDeclarations('dist')
  await writeFile(`dist/${shippedFile}`, await packShippedSchema('openapi'))
  await writeFile(`dist/${jsonSchemaFile}`, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`)
})

const shared: Options = {
  outDir: 'dist',
  target: 'es2022',
  tsconfig: 'tsconfig.build.json',
  splitting: false,
  treeshake: false,
  sourcemap: false,
}

/** Declarations alone. Both formats share them. */
const declarations: Options = {
  ...shared,
  format: ['esm'],
  // `await using` of a stream: older libraries of TypeScript have no such symbol.
  dts: { only: true, banner: '/// <reference lib="esnext.disposable" />' },
}

/** The entries that run anywhere. */
const neutral: Options = {
  entry: {
    index: 'src/index.ts',
    formats: 'src/formats.ts',
    projects: 'src/projects.ts',
    redis: 'src/redis.ts',
  },
  platform: 'neutral',
}

/** The generated entries, minified: nobody reads them, and they are most of the package. */
const generated: Options = {
  entry: { api: 'src/generated/api.gen.ts', zod: 'src/generated/zod.gen.ts' },
  platform: 'neutral',
  external: ['zod'],
}

/** The entries that need Node. `typehog/testing` and the CLI read the files of the local PostHog's page. */
const node = {
  entry: { testing: 'src/testing.ts', node: 'src/node.ts' },
  platform: 'node',
  external: ['chdb'],
} satisfies Options

/** Lets `typehog dev` run the local PostHog of `typehog/testing`, which is too large to be in the package again. */
const localPostHogOfTesting: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'local-posthog-of-testing',
  setup: (build) => {
    build.onResolve({ filter: /\/local-posthog\.ts$/ }, () => ({ path: './testing.js', external: true }))
  },
}

/** Lets stubbed clients of `typehog/testing` use the main entry: its classes are those that a program imports. */
function mainEntryOfStubs(file: string): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'main-entry-of-stubs',
    setup: (build) => {
      build.onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: file, external: true }))
    },
  }
}

/** One bundle per entry, as ESM and CommonJS, each with its declarations. */
const config: ReturnType<typeof defineConfig> = defineConfig([
  { ...shared, ...neutral, format: ['esm', 'cjs'] },
  {
    ...shared,
    ...generated,
    format: ['esm', 'cjs'],
    esbuildOptions: (options, { format }) => {
      options.minifyIdentifiers = true
      // Bundlers need the annotations in the ES modules, which minified whitespace loses, to drop unused validators.
      options.minifyWhitespace = format === 'cjs'
    },
  },
  {
    ...shared,
    ...node,
    format: ['esm'],
    publicDir: 'src/local/page/assets',
    esbuildPlugins: [mainEntryOfStubs('./index.js')],
  },
  // CommonJS has no `import.meta.url`, which finds the files of the page.
  { ...shared, ...node, format: ['cjs'], shims: true, esbuildPlugins: [mainEntryOfStubs('./index.cjs')] },
  // `typehog/testing` has the types of the client, which are the same types only if one file has them.
  {
    ...declarations,
    ...neutral,
    ...generated,
    entry: { ...neutral.entry, ...generated.entry, testing: node.entry.testing },
    external: ['zod', 'chdb'],
  },
  { ...declarations, ...node, entry: { node: node.entry.node } },
  {
    ...shared,
    entry: { cli: 'src/cli/main.ts' },
    format: ['esm'],
    platform: 'node',
    external: ['chdb', '@hey-api/openapi-ts'],
    esbuildPlugins: [localPostHogOfTesting],
    noExternal: ['commander', 'jsonpath-rfc9535', 'leven', 'string-width', 'yaml'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  },
])

export default config
