import { afterAll, beforeAll } from 'vitest'
import { describeApiSurface } from './checks/api-surface.ts'
import { describeCompileCost } from './checks/compile-cost.ts'
import { describeConsumers } from './checks/consumers.ts'
import { describeContents } from './checks/contents.ts'
import { describeDocs } from './checks/docs.ts'
import { describeExamples } from './checks/examples.ts'
import { describeImports } from './checks/imports.ts'
import { describeJobs } from './checks/jobs.ts'

import { describeSizes } from './checks/sizes.ts'
import { installPackage, type Project } from './project.ts'

// One installation for all: packing is the slow part.
let project: Project
beforeAll(async () => {
  project = await installPackage()
})
afterAll(() => project.remove())

describeContents(() => project)
describeImports(() => project)
describeSizes(() => project)
describeConsumers(() => project)
describeCompileCost(() => project)
describeApiSurface(() => project)
describeJobs(() => project)
describeExamples(() => project)
describeDocs(() => project)
