import type { ClientOptions, TypehogClient } from '../../../src/index.ts'
import { createClient } from '../../../src/index.ts'

/** The operations that each method sent, by `resource.method`. */
export type Recording = ReadonlyMap<string, ReadonlySet<string>>

/** Creates a client that records the operations of each resource method. Calls must not run concurrently. */
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
  const recorded = (target: object, path: readonly string[]): unknown =>
    // The target is empty, because a proxy must return the original properties of a frozen target.
    new Proxy(
      {},
      {
        get: (_, name) => {
          const member: unknown = Reflect.get(target, name)
          if (typeof name !== 'string' || typeof member === 'symbol') return member
          if (name === 'project' || name === 'organization') {
            return (id: string) => recorded((member as (id: string) => object)(id), path)
          }
          if (typeof member === 'function') {
            return (...input: unknown[]) => {
              method = path.length === 0 ? '' : [...path, name].join('.')
              if (!recording.has(method)) recording.set(method, new Set())
              return member(...input)
            }
          }
          return typeof member === 'object' && member !== null && name !== 'config'
            ? recorded(member, [...path, name])
            : member
        },
      },
    )
  // The proxy has the members of the client.
  return { posthog: recorded(posthog, []) as TypehogClient, recording }
}
