/**
 * Quotes an argument for the shells of a platform, as messages show it. Double quotes work in all of them unless the
 * text has quotes or other special characters. Those are quoted for POSIX shells, or on Windows for `cmd`.
 */
export function shellQuote(text: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./:=,@-]+$/.test(text)) return text
  if (!/["$`\\!%]/.test(text)) return `"${text}"`
  return platform === 'win32' ? `"${text.replaceAll('"', '\\"')}"` : `'${text.replaceAll("'", "'\\''")}'`
}

/** The command that sets a variable in the shell of a platform: PowerShell on Windows. */
export function setVariable(
  name: string,
  value: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return platform === 'win32' ? `$env:${name} = '${value}'` : `export ${name}=${value}`
}
