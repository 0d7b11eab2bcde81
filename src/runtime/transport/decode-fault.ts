import { DecodeError } from '../errors/decode-error.ts'
import { redact } from '../observe/redact.ts'
import type { Answer } from './answer.ts'
import { jsonFault } from './json-fault.ts'

/** Characters of a page that is not JSON which the error shows. */
const shown = 120

/** The error for an answer of 2xx that is a page, or JSON that is broken. */
export function decodeFault(answer: Answer, text: string, operation: string, error: unknown): DecodeError {
  const type = answer.headers.get('content-type')?.split(';')[0] || 'no content type'
  const answered = `${operation} was answered by ${answer.status} with ${type}`
  if (type.includes('html') || text.trimStart().startsWith('<')) {
    const start = redact(
      text
        .slice(0, 10 * shown)
        .replace(/\s+/g, ' ')
        .trim(),
    ).slice(0, shown)
    return new DecodeError({
      message: `${answered} in place of JSON: ${start}`,
      fix: 'Check `host`: login pages, ingestion hosts and wrong sub-paths answer so.',
    })
  }
  // The parser's own message quotes the body, so it is not passed on.
  return new DecodeError({
    message: `${answered} that is not JSON: it breaks at character ${jsonFault(text, error)} of ${text.length}.`,
    fix: 'Look for a proxy that changes or cuts off answers.',
  })
}
