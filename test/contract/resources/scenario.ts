import { BadRequestError, NotFoundError, PermissionError, type TypehogClient } from '../../../src/index.ts'

/** The environment that a scenario runs in. */
export interface ScenarioContext {
  readonly posthog: TypehogClient
  /** Returns a name that no other object has. */
  readonly fresh: (word: string) => string
  /** A second project. */
  readonly otherProject: number
  /** Milliseconds to wait for the result of an insight. The mock never has one. */
  readonly queryTimeout: number
}

/** Calls every method of a resource in a realistic order. */
export type Scenario = (context: ScenarioContext) => Promise<void>

/** Awaits a call for an object that only one of the environments has. */
export async function allowNotFound(call: PromiseLike<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error
  }
}

/** Awaits a call that PostHog does not open to keys. The mock knows no permissions. */
export async function allowForbidden(call: PromiseLike<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error
  }
}

/** Awaits a call that the local PostHog does not support, and says so. */
export async function allowUnsupported(call: PromiseLike<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof BadRequestError) || !error.message.includes('The local PostHog')) throw error
  }
}
