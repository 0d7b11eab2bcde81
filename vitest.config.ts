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
      // The same build, and programs that are to end in time: after the others.
      project('runtimes', 240_000, { fileParallelism: false, sequence: { groupOrder: 1 } }),
    ],
  },
})

export default config
