/** One element of a CSS selector. */
export interface SelectorPart {
  /** Undefined for `*` or no tag. */
  readonly tag: string | undefined
  readonly classes: readonly string[]
  /** Names as in the chain of elements, such as `attr_id` and `nth-child`. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  /** Whether the part before it is its direct child: `parent > child`. */
  readonly isParent: boolean
}

/** Parses a CSS selector. The parts are innermost first, as in the chain of elements. */
export function parseSelector(selector: string): SelectorPart[] {
  const tokens = selector.match(/(?:\[[^\]]*\]|"[^"]*"|'[^']*'|[^\s>])+|>/g) ?? []
  const parts: SelectorPart[] = []
  let isParent = false
  for (const token of tokens.reverse()) {
    if (token === '>') isParent = true
    else {
      parts.push(parsePart(token, isParent))
      isParent = false
    }
  }
  return parts
}

function parsePart(token: string, isParent: boolean): SelectorPart {
  const attributes: [string, string][] = []
  let rest = token.replace(/\[([^=\]]+)=["']?(.*?)["']?\]/g, (_, name: string, value: string) => {
    attributes.push([name === 'id' ? 'attr_id' : name, value])
    return ''
  })
  rest = rest.replace(/:(nth-child|nth-of-type)\((\d+)\)/g, (_, name: string, value: string) => {
    attributes.push([name, value])
    return ''
  })
  rest = rest.replace(/#([^.#:]+)/g, (_, id: string) => {
    attributes.push(['attr_id', id])
    return ''
  })
  const [tag = '', ...classes] = rest.split(/(?<!\\)\./)
  return {
    tag: tag === '' || tag === '*' ? undefined : tag,
    classes: classes.map((name) => name.replace(/\\/g, '')).filter((name) => name !== ''),
    attributes,
    isParent,
  }
}

// A semicolon ends an element, except inside a quoted value.
const INSIDE_ELEMENT = String.raw`(?:[^;"]|"(?:\\.|[^"])*")*?`
const WHOLE_ELEMENTS = String.raw`(?:(?:[^;"]|"(?:\\.|[^"])*")*;)*`

/**
 * Regular expression that matches a selector in the chain of elements.
 *
 * The chain lists elements from the innermost, separated by `;`: `tag.class-a.class-b:attr_id="x"nth-child="1"`, with
 * classes and attributes in alphabetical order.
 */
export function selectorRegex(parts: readonly SelectorPart[]): string {
  const elements = parts.map(({ tag, classes, attributes, isParent }, index) => {
    const between = index === 0 || isParent ? '' : WHOLE_ELEMENTS
    const names = [...classes].sort().map((name) => `${INSIDE_ELEMENT}\\.${escapeRegex(name)}`)
    const pairs = attributes
      .map(([name, value]) => ({ name, value, order: UNPREFIXED.includes(name) ? name : `attr__${name}` }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ name, value }) => `${INSIDE_ELEMENT}${escapeRegex(name)}="${escapeRegex(escapeQuotes(value))}"`)
    const start = tag === undefined ? '' : escapeRegex(tag)
    return `${between}${start}${names.join('')}${pairs.join('')}${INSIDE_ELEMENT}(?:$|;)`
  })
  return `(?:^|;)${elements.join('')}`
}

const UNPREFIXED = ['attr_id', 'href', 'text', 'nth-child', 'nth-of-type']

function escapeQuotes(value: string): string {
  return value.replace(/\\"/g, '"').replace(/"/g, '\\"')
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
