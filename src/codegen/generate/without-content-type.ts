const headers =
  /,\n {4}headers: \{\n {8}'Content-Type': (?:null|'[\w/+-]+'),\n {8}\.\.\.options\.headers\n {4}\}/g

/**
 * Functions without the content type that the generator gives them: the client sets it by the body. Their `headers`
 * are those of the caller then, so that a `Headers` object arrives as it is. Spread into an object it would be empty.
 *
 * @throws Error when the generator writes headers in another way
 */
export function withoutContentType(functions: string): string {
  const plain = functions.replace(headers, '')
  if (/^ {4}headers:/m.test(plain))
    throw new Error('A generated function sets headers that are not understood.')
  return plain
}
