import { availableParallelism } from 'node:os'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Projects by the length of their files: the longest start first, so that no worker is idle at the end. */
const projectOrder = ['runtimes', 'package', 'contract', 'folders', 'types', 'unit']

class LongestProjectFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = ({ project }: TestSpecification): number => projectOrder.indexOf(project.name)
    // The sort is stable: files of a project stay in Vitest's own order.
    return (await super.sort(files)).sort((a, b) => order(a) - order(b))
  }
}

/** Tests of throughput in real time. */
const timedTests = 'test/contract/limits/allowance.test.ts'

/** Tests with a data folder: the embedded ClickHouse supports one folder per process, so each file has its own process. */
const folderTests = ['data-folder', 'reset', 'server'].map((name) => `test/contract/local/${name}.test.ts`)

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
    // Vitest's default leaves one core free, which halves the speed on two.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestProjectFirst },
    projects: [
      // Files of these two leave no global state behind, so a worker loads each module once.
      project('unit', 30_000, { isolate: false }),
      project('contract', 60_000, { isolate: false, exclude: [timedTests, ...folderTests] }),
      project('folders', 60_000, { include: folderTests }),
      project('types', 120_000),
      project('package', 240_000, { globalSetup: ['test/package/build.ts'] }),
      project('runtimes', 240_000, { globalSetup: ['test/package/build.ts', 'test/runtimes/install.ts'] }),
      // After all others: it measures real time, which fails on a busy processor.
      project('timing', 60_000, { include: [timedTests], sequence: { groupOrder: 1 } }),
    ],
  },
})

export default config
