/** What the engine said about a query it could not run. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError'
  /** ClickHouse's error name in lower case, such as `unknown_function`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Reads ClickHouse's error text, `Code: 46. DB::Exception: … (UNKNOWN_FUNCTION)`, into its name and message.
 * Nested prefixes and the engine's version are dropped.
 */
export function parseEngineError(text: string): EngineError {
  const names = [...text.matchAll(/\(([A-Z][A-Z0-9_]+)\)/g)]
  const code = (names.at(-1)?.[1] ?? 'unknown_error').toLowerCase()
  const message = text
    .replace(/^(?:Code: \d+\. )?(?:DB::Exception: )?(?:(?:default|Code: \d+\. DB::Exception): )*/, '')
    .replace(/\s*\(version [^)]*\)/g, '')
    .replace(/(?:\.?\s*\([A-Z][A-Z0-9_]+\))+\s*$/, '')
    .trim()
  return new EngineError(code, message)
}
