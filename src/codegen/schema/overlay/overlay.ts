/** One correction of a document, with the reason for it and where the knowledge comes from. */
export interface OverlayAction {
  /** JSONPath (RFC 9535) of the nodes it is about. */
  readonly target: string
  /** Merged into each node that is an object, appended to each that is a list. */
  readonly update: unknown
  /** Takes the nodes out; `update` is then without meaning. */
  readonly remove: boolean
  readonly reason: string
  readonly source: string
  /** Place of the action in its file, for messages. */
  readonly place: string
}

/** An OpenAPI Overlay 1.0 document. */
export interface Overlay {
  /** File name without a folder. */
  readonly name: string
  readonly title: string
  /** Overlays of layer 1 add and correct operations; those of layer 2 speak about what is then there. */
  readonly layer: 1 | 2
  readonly actions: readonly OverlayAction[]
}
