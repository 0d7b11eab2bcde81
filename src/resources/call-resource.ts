import { ConfigurationError } from '../runtime/errors/configuration-error.ts'
import { catalog } from './catalog.ts'
import type { Requester } from './requester.ts'

/**
 * Calls a method of a resource by its name, loading the resource first. What it gives is in a box: it may be awaitable.
 *
 * @param own methods that are there without being loaded, for the advice
 */
export async function callResource(
  requester: Requester,
  name: string,
  method: string,
  input: readonly unknown[],
  own: readonly string[],
): Promise<{ readonly given: unknown }> {
  const { resource } = (await catalog[name]?.()) ?? {}
  const methods: object = resource?.(requester) ?? {}
  const found: unknown = Object.hasOwn(methods, method) ? Reflect.get(methods, method) : undefined
  if (typeof found === 'function') return { given: found(...input) }
  throw new ConfigurationError({
    message: `posthog.${name} has no method \`${method}\`.`,
    fix: `It has ${[...own, ...Object.keys(methods)].sort().join(', ')}.`,
  })
}
