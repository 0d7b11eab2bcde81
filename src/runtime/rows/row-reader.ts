import { endOfString } from './lossless-json.ts'

/** Takes an answer apart while it arrives: hands out its `results` piece by piece, and at the end what is around them. */
export interface RowReader {
  /**
   * Takes the next piece of the body. Gives the items of `results` that it completed.
   *
   * @throws SyntaxError for items that are not JSON
   */
  push(text: string): unknown[]
  /** What stands before the first item, once that is known. */
  readonly head: string
  /**
   * The last items, and the answer without its results, once the body is over.
   *
   * @throws SyntaxError when the body is not JSON, or broken off
   */
  end(): { readonly items: unknown[]; readonly answer: unknown }
}

/** Characters of an item from which on the next pieces are gathered until they are as many again. */
const patience = 1_000

const [quote, comma] = [34, 44]
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125]
/** Depth of an item: `results` are an array of the object that the answer is. */
const inside = 2
/** What is mostly between two rows, and may be within one. */
const seam = '],['

/**
 * Reads the body of an answer. It keeps no more than the item that is not complete yet.
 *
 * Rows are cut at the last seam of a piece, without a look at what is before: were it within an item, it would leave a
 * text or bracket open, and the cut rows could not be parsed. Only then are they looked through, character by character
 * outside of texts and by search within.
 *
 * @param parse makes a list of JSON between commas; throws a SyntaxError for what is none
 */
export function createRowReader(parse: (items: string) => unknown[]): RowReader {
  let around = ''
  let text = ''
  /** Pieces that wait: a long item is not looked through again for each of them. */
  let waiting = ''
  let at = 0
  let depth = 0
  let state: 'before' | 'results' | 'after' = 'before'
  /** Whether the last text was `"results"`, and the array after it is the one. */
  let named = false
  let seams = true

  /** Items up to the last seam; undefined where that is not between two of them. */
  const cut = (): unknown[] | undefined => {
    if (state !== 'results' || !seams) return undefined
    const end = text.lastIndexOf(seam)
    if (end < 0) return undefined
    try {
      const items = parse(text.slice(0, end + 1))
      text = text.slice(end + 2)
      at = 0
      depth = inside
      return items
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      seams = false
      return undefined
    }
  }

  const scan = (): unknown[] => {
    let from = 0
    let until = 0
    let ended: string | undefined
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) {
        const end = endOfString(text, at)
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
          ended = text.slice(from, at)
          from = at
        }
      } else if (code === comma) {
        named = false
        if (state === 'results' && depth === inside) until = at
      }
    }
    const items = ended ?? (state === 'results' ? text.slice(from, until) : '')
    if (state === 'results' && until > from) from = until + 1
    text = text.slice(from)
    at -= from
    return items === '' ? [] : parse(items)
  }

  return {
    get head() {
      return state === 'before' ? '' : around
    },
    push(piece) {
      waiting += piece
      if (text.length > patience && waiting.length < text.length) return []
      text += waiting
      waiting = ''
      return cut() ?? scan()
    },
    end() {
      text += waiting
      const items = scan()
      return { items, answer: JSON.parse(around + text) as unknown }
    },
  }
}
