import { expect, it } from 'vitest'
import { checks } from './smoke/checks.ts'
import type { PackageUnderTest } from './smoke/package-under-test.ts'
import { smoke } from './smoke/suite.ts'

/** Whatever is asked of it, and when it is called, it gives itself; as a loop it has no items. */
const nothing: object = new Proxy(() => nothing, {
  get: (_, name) => (name === 'then' || name === Symbol.toPrimitive ? undefined : nothing),
})

it('every check of the suite fails on a package that does nothing', async () => {
  const nowhere = 'http://127.0.0.1:1'
  const target = { host: nowhere, nowhere, apiKey: 'phx_x', projectId: 1, events: 1 }
  // Typed by what it stands for, which it is not.
  const lines = await smoke({ typehog: nothing, api: nothing } as PackageUnderTest, target)
  expect(lines).toHaveLength(Object.keys(checks).length)
  expect(lines.filter((line) => line.endsWith(': ok'))).toEqual([])
})
