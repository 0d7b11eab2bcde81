const schemaPrefix = '#/components/schemas/'

/** Reference text for a component schema. */
export function schemaReference(name: string): string {
  return `${schemaPrefix}${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Name of the component schema that a reference means, or undefined when it means something else. */
export function referencedSchema(reference: string | undefined): string | undefined {
  if (reference === undefined || !reference.startsWith(schemaPrefix)) return undefined
  const rest = reference.slice(schemaPrefix.length)
  return rest.includes('/') ? undefined : rest.replaceAll('~1', '/').replaceAll('~0', '~')
}
