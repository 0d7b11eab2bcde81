import { UsageError } from '../errors.ts'
import { loadModule } from '../load-module.ts'

/**
 * Runs a configuration module and returns its default export.
 *
 * @param shown the path in errors
 * @throws UsageError when it fails, or has no default export
 */
export async function loadConfigModule(path: string, shown: string): Promise<unknown> {
  const { default: config } = await loadModule(path, shown)
  if (config !== undefined) return config
  throw new UsageError(
    `${shown} has no default export.`,
    'Write: export default { … } satisfies TypehogConfig',
  )
}
