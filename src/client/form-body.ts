import { formDataBodySerializer } from '../generated/core/bodySerializer.gen.ts'

/** The body of an operation that takes a form: what is none becomes one. */
export function formBody(body: unknown): unknown {
  return body === undefined || body instanceof FormData || body instanceof Blob
    ? body
    : formDataBodySerializer.bodySerializer(body)
}
