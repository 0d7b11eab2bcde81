/** What users say of a definition, whether of events or of properties. */
export interface DefinitionNotes {
  description: string | null
  tags: readonly string[]
  verified: boolean
  verified_at: string | null
  hidden: boolean
  updated_at: string
}

/** The definition of an event, by its name. */
export interface EventDefinition extends DefinitionNotes {
  readonly id: string
  readonly name: string
  readonly created_at: string
  last_seen_at: string | null
  owner: number | null
  default_columns: readonly string[]
  promoted_property: string | null
  enforcement_mode: string
}

/** What a property is of. */
export type PropertyOwner = 'event' | 'person'

/** The definition of a property. */
export interface PropertyDefinition extends DefinitionNotes {
  readonly id: string
  readonly of: PropertyOwner
  name: string
  property_type: string | null
}
