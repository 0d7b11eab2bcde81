/**
 * Names of headers, query parameters and fields whose values are secrets: `Authorization`, `Cookie`, `X-Auth-Token`,
 * `personal_api_key`, `clientSecret` and their like.
 */
const secretNames =
  /^(?:.*[_-]|personal|secret|client|project)?(?:authorization|cookies?|api_?key|secret(?:_?key)?|password|(?:access|refresh|auth|bearer|secret|session|csrf|xsrf)[_-]?token)$|^x-.*(?:key|token|secret|auth)$|^x-vercel-protection-bypass$/i

/** Whether a header, query parameter or field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return name.length <= 100 && secretNames.test(name)
}
