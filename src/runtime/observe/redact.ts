/** Private keys of PostHog as they may turn up in any text, and whatever follows `Bearer`. */
const secrets = /\b(ph[xsar]_|Bearer\s+)[\w.~+/=-]{4,}/gi
const secretNames = /^(?:authorization|cookie|set-cookie|(?:personal_?|secret_?)?api_?key)$/i

/** Blots out everything in a text that looks like a private key. */
export function redact(text: string): string {
  return text.replace(secrets, '$1[redacted]')
}

/** A copy of a value, as JSON would write it, without keys; what JSON cannot write becomes one line of text. */
export function redactValue(value: unknown): unknown {
  try {
    const json = JSON.stringify(value, (name, item: unknown) =>
      secretNames.test(name) ? '[redacted]' : typeof item === 'bigint' ? `${item}` : item,
    )
    return json === undefined ? undefined : JSON.parse(redact(json))
  } catch {
    return '[not serialisable]'
  }
}
