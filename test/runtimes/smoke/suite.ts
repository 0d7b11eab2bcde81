import { checks } from './checks.ts'
import type { PackageUnderTest, Target } from './package-under-test.ts'

/** Runs every check one after the other and says of each what came of it, such as `an abort: ok`. */
export async function smoke(tested: PackageUnderTest, target: Target): Promise<string[]> {
  const lines: string[] = []
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(tested, target)
      lines.push(`${name}: ok`)
    } catch (error) {
      lines.push(`${name}: ${String(error)}`)
    }
  }
  return lines
}
