/** An element of an autocaptured event, as PostHog's API shows it. */
export interface EventElement {
  readonly text: string | null
  readonly tag_name: string | null
  readonly attr_class: readonly string[] | null
  readonly href: string | null
  readonly attr_id: string | null
  readonly nth_child: number | null
  readonly nth_of_type: number | null
  readonly attributes: Readonly<Record<string, string>>
  readonly order: number
}

/**
 * Parses a chain of elements: `a.class-one:href="/x"nth-child="1";body`, from the innermost element.
 *
 * @see PostHog/posthog posthog/models/element/element.py
 */
export function parseElementsChain(chain: string): EventElement[] {
  const elements = chain.match(/(?:[^;"]|"(?:\\.|[^"\\])*")+/g) ?? []
  return elements.map(toElement)
}

function toElement(text: string, order: number): EventElement {
  const at = text.search(/:(?=[\w-]+=")/)
  const [head, tail] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  const [tag = '', ...classes] = head.replace(/:$/, '').split('.')
  const attributes = new Map(
    [...tail.matchAll(/([^=":]+)="((?:\\.|[^"\\])*)"/g)].map(([, name = '', value = '']) => [
      name,
      value.replace(/\\"/g, '"'),
    ]),
  )
  const number = (name: string): number | null => (attributes.has(name) ? Number(attributes.get(name)) : null)
  const named = ['text', 'href', 'attr_id', 'nth-child', 'nth-of-type']
  return {
    text: attributes.get('text') ?? null,
    tag_name: tag === '' ? null : tag,
    attr_class: classes.length === 0 ? null : classes,
    href: attributes.get('href') ?? null,
    attr_id: attributes.get('attr_id') ?? null,
    nth_child: number('nth-child'),
    nth_of_type: number('nth-of-type'),
    attributes: Object.fromEntries([...attributes].filter(([name]) => !named.includes(name))),
    order,
  }
}
