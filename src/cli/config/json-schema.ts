import { configField, type Field } from './fields.ts'

/** File name of the JSON schema in `dist`. */
export const jsonSchemaFile = 'config.schema.json'

/** The JSON schema of `typehog.config.json` (draft 7, which editors support). */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Typehog', ...toSchema(configField) }
}

function toSchema(field: Field): Record<string, unknown> {
  const { description } = field
  switch (field.type) {
    case 'text':
      return { type: 'string', description, pattern: field.pattern.source, ...defaultOf(field) }
    case 'positive':
      return { type: 'integer', description, minimum: 1, ...defaultOf(field) }
    case 'boolean':
      return { type: 'boolean', description, ...defaultOf(field) }
    case 'list': {
      const items = field.choices === undefined ? { minLength: 1 } : { enum: field.choices }
      return {
        type: 'array',
        description,
        items: { type: 'string', ...items },
        minItems: 1,
        ...defaultOf(field),
      }
    }
    case 'object': {
      const properties = Object.entries(field.fields).map(([key, value]) => [key, toSchema(value)])
      return {
        type: 'object',
        description,
        properties: Object.fromEntries(properties),
        additionalProperties: false,
      }
    }
  }
}

function defaultOf(field: { readonly default?: unknown }): { default?: unknown } {
  return field.default === undefined ? {} : { default: field.default }
}
