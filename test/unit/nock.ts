import nock from 'nock'
import { afterEach, beforeEach, expect } from 'vitest'

/** The origin of PostHog Cloud in the EU. */
export const cloud = 'https://eu.posthog.com'

/** Intercepts the requests of each test in a file. A test fails when it leaves an interceptor unused. */
export function useNock(): void {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => {
    const pending = nock.pendingMocks()
    nock.cleanAll()
    nock.enableNetConnect()
    nock.restore()
    expect(pending).toEqual([])
  })
}
