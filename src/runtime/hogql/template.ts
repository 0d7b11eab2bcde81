import { unexpected } from '../config/check-options.ts'
import { ConfigurationError } from '../errors/configuration-error.ts'

/**
 * The texts of a tagged template.
 *
 * @param values how many values the call has beside the texts
 * @throws ConfigurationError for anything that the engine did not make of a template: text from outside, such as a
 * list of JSON, must not become a query
 */
export function templateTexts(value: unknown, values: number): readonly string[] {
  if (!isTemplate(value)) throw unexpected('The argument of `hogql`', value, 'a template', templateFix)
  if (values !== value.length - 1) {
    throw new ConfigurationError({
      message: `\`hogql\` got ${values} values for ${value.length - 1} places of its template.`,
      fix: templateFix,
    })
  }
  // The cooked text of an escape that does not exist is undefined, whatever the type says.
  const texts: readonly (string | undefined)[] = value
  return texts.map((text) => {
    if (text !== undefined) return text
    throw new ConfigurationError({
      message: 'A template of `hogql` has an escape that JavaScript does not know, such as \\u or \\x.',
      fix: 'Write a backslash as two.',
    })
  })
}

const templateFix =
  'Write hogql`select …`, with values in its placeholders. Use `hogql.text(text, values)` for a text of your own. Nothing was sent.'

/** Engines freeze both lists of a template, and no JSON has a list with `raw`. */
function isTemplate(value: unknown): value is TemplateStringsArray {
  if (!Array.isArray(value) || !Object.isFrozen(value) || !Object.hasOwn(value, 'raw')) return false
  const { raw } = value as { readonly raw?: unknown }
  return (
    Array.isArray(raw) &&
    Object.isFrozen(raw) &&
    raw.length === value.length &&
    raw.length > 0 &&
    raw.every((text) => typeof text === 'string') &&
    value.every((text) => typeof text === 'string' || text === undefined)
  )
}
