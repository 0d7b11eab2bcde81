/** The columns of an event, as they come without `dates: 'date'`. */
export interface EventFields {
  readonly uuid: string
  readonly event: string
  /** ISO 8601 with its zone. */
  readonly timestamp: string
  readonly created_at: string
  readonly distinct_id: string
  readonly person_id: string
  readonly elements_chain: string
  readonly $session_id: string | null
  /** Taken apart, from the JSON that PostHog keeps. */
  readonly properties: Readonly<Record<string, unknown>>
}

/** A column of an event, one of its properties, or one of its person's: everything behind the dot is one name. */
export type EventColumn = keyof EventFields | `properties.${string}` | `person.properties.${string}`

/** What a property may be. PostHog makes numbers, booleans and times of those that it knows to be such. */
export type PropertyCell = string | number | boolean | null

/** An event with the columns that were asked for. */
export type EventRow<Column extends EventColumn> = {
  [Name in Column]: Name extends keyof EventFields ? EventFields[Name] : PropertyCell
}
