import { defineConfig, type ViteUserConfig } from 'vitest/config'

const project = (name: string, timeout: number): object => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout },
})

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      project('unit', 10_000),
      project('contract', 60_000),
      project('types', 120_000),
      project('package', 240_000),
    ],
  },
})

export default config
