import type { ClientOptions, TypehogClient } from '../../../src/index.ts'
import { createClient } from '../../../src/index.ts'

/** The operations that each method sent, by `resource.method`. */
export type Recording = ReadonlyMap<string, ReadonlySet<string>>

/** A client that notes what each method of its resources sends. Calls have to come one after the other. */
export function recordingClient(options: ClientOptions): {
  readonly posthog: TypehogClient
  readonly recording: Recording
} {
  const recording = new Map<string, Set<string>>()
  let method = ''
  const posthog = createClient({
    ...options,
    onRequest: ({ operation }) => void recording.get(method)?.add(operation),
  })
  const watched = (target: object, path: readonly string[]): unknown =>
    // Over an empty object: what is frozen may not be shown otherwise.
    new Proxy(
      {},
      {
        get: (_, name) => {
          const found: unknown = Reflect.get(target, name)
          if (typeof name !== 'string' || typeof found === 'symbol') return found
          if (name === 'project' || name === 'organization') {
            return (id: string) => watched((found as (id: string) => object)(id), path)
          }
          if (typeof found === 'function') {
            return (...input: unknown[]) => {
              method = path.length === 0 ? '' : [...path, name].join('.')
              if (!recording.has(method)) recording.set(method, new Set())
              return found(...input)
            }
          }
          return typeof found === 'object' && found !== null && name !== 'config'
            ? watched(found, [...path, name])
            : found
        },
      },
    )
  // It is the client, seen through a window.
  return { posthog: watched(posthog, []) as TypehogClient, recording }
}
