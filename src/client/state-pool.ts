import { credentialId, renewable } from '../runtime/auth/credential.ts'
import type { Config } from '../runtime/config/resolve.ts'
import type { Platform } from '../runtime/platform.ts'
import { createSharedState, type SharedState } from '../runtime/transport/pipeline.ts'

/** Shared states by host and key, for clients that are created together. */
export interface StatePool {
  /** The state of a client. Clients with the same key at the same host get the same one. */
  stateOf(config: Config, platform: Platform): SharedState
}

/** Creates a pool that contains the state of one client. */
export function createStatePool(config: Config, state: SharedState): StatePool {
  const states = new Map([[nameOf(config), state]])
  return {
    stateOf(other, platform) {
      const name = nameOf(other)
      const known = states.get(name)
      // Renewable keys have no id in common, so PostHog may count each of them apart.
      if (known !== undefined && credentialId(other) !== renewable) return known
      const created = createSharedState(other, platform)
      states.set(name, created)
      return created
    },
  }
}

function nameOf(config: Config): string {
  return `${config.origin} ${credentialId(config)}`
}
