/** Lines that ignore `.env.local` already. */
const covering: ReadonlySet<string> = new Set([
  '.env.local',
  '.env*',
  '.env.*',
  '.env*.local',
  '.env.*local',
  '*.local',
])

/** Adds `.env.local` to the text of a .gitignore. Undefined when a line covers it already. */
export function ignoreEnvFile(text: string): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^(?:\*\*\/|\/)/, ''))
  if (lines.some((line) => covering.has(line))) return undefined
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const separator = text === '' || text.endsWith('\n') ? '' : newline
  return `${text}${separator}.env.local${newline}`
}
