import { defineConfig, type ViteUserConfig } from 'vitest/config'

const project = (name: string, timeout: number, options: object = {}): object => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    ...options,
  },
})

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      project('unit', 10_000),
      project('contract', 60_000),
      project('types', 120_000),
      // Its files share one build.
      project('package', 240_000, { fileParallelism: false }),
      // One build again, and programs that are to end in time.
      project('runtimes', 240_000, { fileParallelism: false }),
    ],
  },
})

export default config
