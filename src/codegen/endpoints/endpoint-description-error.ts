/** A server's description of an endpoint that no code can be made from. */
export class EndpointDescriptionError extends Error {
  override readonly name = 'EndpointDescriptionError' as const
  /** Name of the endpoint, as far as it is known. */
  readonly endpoint: string
  /** JSON pointer of what is off, in the endpoint object or its OpenAPI document. */
  readonly pointer: string

  constructor(endpoint: string, source: 'endpoint' | 'openapi.json', pointer: string, problem: string) {
    super(`Endpoint "${endpoint}": ${source} at ${pointer || '/'} ${problem}.`)
    this.endpoint = endpoint
    this.pointer = pointer
  }
}
