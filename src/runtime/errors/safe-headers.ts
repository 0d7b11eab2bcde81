import { type Redact, redacted } from '../observe/redact.ts'
import { isSecretName } from '../observe/secret-names.ts'
import { shorten } from './sentence.ts'

/** Headers that an error keeps. */
const maxHeaders = 100
/** Longest value that is kept, in characters. */
const maxValue = 1_000

/** The headers of an answer for its error: cookies and secrets are redacted, long values cut. */
export function safeHeaders(headers: Headers, redactText: Redact): Headers {
  const safe = new Headers()
  let left = maxHeaders
  for (const [name, value] of headers) {
    if (left-- === 0) break
    // A header that is named after a secret is left out.
    if (redactText(name) === name)
      safe.append(name, isSecretName(name) ? redacted : headerValue(value, redactText))
  }
  return safe
}

function headerValue(value: string, redactText: Redact): string {
  const text = redactText(value)
  // A header holds no character beyond Latin-1, such as the ellipsis of a cut.
  return shorten(text, maxValue).replace(/[^\t\x20-\xff]/g, '')
}
