import { formDataBodySerializer } from '../generated/core/bodySerializer.gen.ts'
import type { RawInput } from './build-request.ts'

/** The input of an operation that takes a form: a body that is none becomes one. */
export function asForm(input: RawInput): RawInput {
  const { body } = input
  if (body === undefined || body instanceof FormData || body instanceof Blob) return input
  return { ...input, body: formDataBodySerializer.bodySerializer(body) }
}
