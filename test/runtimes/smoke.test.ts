import { expect, it } from 'vitest'
import { checks, type PackageUnderTest, smoke } from './smoke/suite.ts'

/** A value whose every property and every call returns the value itself. As an iterable it is empty. */
const nothing: object = new Proxy(() => nothing, {
  get: (_, name) => (name === 'then' || name === Symbol.toPrimitive ? undefined : nothing),
})

it('every check of the suite fails with a package that does nothing', async () => {
  const nowhere = 'http://127.0.0.1:1'
  const target = { host: nowhere, nowhere, apiKey: 'phx_x', projectId: 1, events: 1 }
  // The cast is the point: the package has none of these functions.
  const lines = await smoke({ typehog: nothing, api: nothing } as PackageUnderTest, target)
  expect(lines).toHaveLength(Object.keys(checks).length)
  expect(lines.filter((line) => line.endsWith(': ok'))).toEqual([])
})
