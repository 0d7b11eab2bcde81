import { invalid } from '../../http/api-error.ts'
import { textList } from '../../http/fields.ts'
import type { DefinitionNotes } from './definition-record.ts'

const BOOLEANS = ['verified', 'hidden'] as const

/** Reads what a body says of a definition, and applies it. */
export function applyNotes(
  definition: DefinitionNotes,
  fields: Readonly<Record<string, unknown>>,
  now: Date,
): void {
  for (const name of BOOLEANS) {
    const value = fields[name]
    if (value !== undefined && value !== null && typeof value !== 'boolean') {
      throw invalid(name, 'Must be a valid boolean.')
    }
  }
  if (fields['hidden'] === true && fields['verified'] === true) {
    throw invalid(null, 'A definition cannot be both hidden and verified')
  }
  const { description, verified, hidden } = fields
  const tags = textList(fields, 'tags')
  if (description !== undefined) definition.description = description === null ? null : String(description)
  if (tags !== undefined) definition.tags = [...new Set(tags)].sort()
  if (typeof verified === 'boolean' && verified !== definition.verified) {
    definition.verified = verified
    definition.verified_at = verified ? now.toISOString() : null
  }
  if (typeof hidden === 'boolean') {
    definition.hidden = hidden
    if (hidden) Object.assign(definition, { verified: false, verified_at: null })
  }
  definition.updated_at = now.toISOString()
}
