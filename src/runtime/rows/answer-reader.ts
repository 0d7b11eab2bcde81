/** Takes an answer apart while it arrives: hands out its `results` piece by piece, and at the end what is around them. */
export interface AnswerReader {
  /** Takes the next piece of the body. Gives the items of `results` that it completed, as JSON between commas. */
  push(text: string): string
  /**
   * The last items, and the answer without its results, once the body is over.
   *
   * @throws SyntaxError when the body is not JSON, or broken off
   */
  end(): { readonly items: string; readonly answer: unknown }
}

/** Characters of an item from which on the next pieces are gathered until they are as many again. */
const patience = 100_000

const [quote, comma, backslash] = [34, 44, 92]
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125]

/**
 * Reads the body of an answer, whose text is looked at once, character by character outside of texts and by search
 * within. It keeps no more than the item that is not complete yet.
 */
export function createAnswerReader(): AnswerReader {
  let around = ''
  let text = ''
  /** Pieces that wait: a long item is not looked through again for each of them. */
  let waiting = ''
  let at = 0
  let depth = 0
  /** Depth within `results`, which are an array of the object that the answer is. */
  const inside = 2
  let state: 'before' | 'results' | 'after' = 'before'
  /** Whether the last text was `"results"`, and the array after it is the one. */
  let named = false

  const scan = (): string => {
    let from = 0
    let until = 0
    let items = ''
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) {
        const end = endOfText(text, at)
        if (end < 0) break
        if (depth === 1 && state === 'before') named = text.slice(at, end + 1) === '"results"'
        at = end
      } else if (code === openArray || code === openObject) {
        depth += 1
        if (named && depth === inside && code === openArray) {
          state = 'results'
          around += text.slice(0, at + 1)
          from = until = at + 1
        }
        named = false
      } else if (code === closeArray || code === closeObject) {
        depth -= 1
        if (state === 'results' && depth < inside) {
          state = 'after'
          items = text.slice(from, at)
          from = until = at
        }
      } else if (code === comma) {
        named = false
        if (state === 'results' && depth === inside) until = at
      }
    }
    if (state === 'results') {
      items = text.slice(from, until)
      if (until > from) from = until + 1
    }
    text = text.slice(from)
    at -= from
    return items
  }

  return {
    push(piece) {
      waiting += piece
      if (text.length > patience && waiting.length < text.length) return ''
      text += waiting
      waiting = ''
      return scan()
    },
    end() {
      text += waiting
      const items = scan()
      return { items, answer: JSON.parse(around + text) as unknown }
    },
  }
}

/** Where a text that begins at `start` ends; less than 0 when that is not here yet. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((end - before) % 2 === 1) return end
  }
  return -1
}
