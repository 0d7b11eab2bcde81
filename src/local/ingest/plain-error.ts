/** An error of the public routes, which is plain text. */
export class PlainError extends Error {
  override readonly name: string = 'PlainError'
  readonly status: number

  constructor(status: number, text: string) {
    super(text)
    this.status = status
  }
}

/** A plain text answer. */
export function plainResponse(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
}
