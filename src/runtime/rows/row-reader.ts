import { endOfString } from './lossless-json.ts'

// Our own parser on purpose: no library streams rows exactly, without buffering the text, at this speed.

/** A streaming reader of a query response: yields its `results` in batches, and the rest at the end. */
export interface RowReader {
  /**
   * Reads the next chunk of the body.
   *
   * @returns the items of `results` that the chunk completed
   * @throws SyntaxError for items that are not JSON
   */
  push(chunk: string): unknown[]
  /** The text before the first item; empty until `results` begins. */
  readonly head: string
  /**
   * Ends the body.
   *
   * @returns the last items, and the response without its results
   * @throws SyntaxError if the body is not JSON or is truncated
   */
  end(): { readonly items: unknown[]; readonly response: unknown }
}

/** Length in characters from which an incomplete item waits for as many further characters before the next scan. */
const minBatch = 1_000

const [quote, comma] = [34, 44]
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125]
/** Depth of the rows: the response is an object, `results` an array in it. */
const rowsDepth = 2
/** Usual separator of two rows. It may also occur inside a row. */
const rowSeparator = '],['

/**
 * Creates a reader of a response body. It buffers only the incomplete item.
 *
 * The fast path cuts the buffer at the last separator and parses everything before it. If that separator is inside an
 * item, a string or bracket is left open and parsing fails. Then the slow path scans the buffer for the ends of items.
 *
 * @param parse parses comma-separated JSON to an array; throws a SyntaxError for invalid JSON
 */
export function createRowReader(parse: (items: string) => unknown[]): RowReader {
  let frame = ''
  let text = ''
  /** Chunks that wait to be scanned, so that a long item is not scanned again for each of them. */
  let waiting = ''
  let at = 0
  let depth = 0
  let state: 'before' | 'results' | 'after' = 'before'
  /** Whether the last string was the key `"results"`. */
  let isResultsKey = false
  let canCut = true

  /** Items up to the last separator; undefined if it is inside an item. */
  const cut = (): unknown[] | undefined => {
    if (state !== 'results' || !canCut) return undefined
    const end = text.lastIndexOf(rowSeparator)
    if (end < 0) return undefined
    try {
      const items = parse(text.slice(0, end + 1))
      text = text.slice(end + 2)
      at = 0
      depth = rowsDepth
      return items
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      canCut = false
      return undefined
    }
  }

  const scan = (): unknown[] => {
    let from = 0
    let itemsEnd = 0
    let lastItems: string | undefined
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) {
        const end = endOfString(text, at)
        if (end < 0) break
        if (depth === 1 && state === 'before') isResultsKey = text.slice(at, end + 1) === '"results"'
        at = end
      } else if (code === openArray || code === openObject) {
        depth += 1
        if (isResultsKey && depth === rowsDepth && code === openArray) {
          state = 'results'
          frame += text.slice(0, at + 1)
          from = itemsEnd = at + 1
        }
        isResultsKey = false
      } else if (code === closeArray || code === closeObject) {
        depth -= 1
        if (state === 'results' && depth < rowsDepth) {
          state = 'after'
          lastItems = text.slice(from, at)
          from = at
        }
      } else if (code === comma) {
        isResultsKey = false
        if (state === 'results' && depth === rowsDepth) itemsEnd = at
      }
    }
    const items = lastItems ?? (state === 'results' ? text.slice(from, itemsEnd) : '')
    if (state === 'results' && itemsEnd > from) from = itemsEnd + 1
    text = text.slice(from)
    at -= from
    return items === '' ? [] : parse(items)
  }

  return {
    get head() {
      return state === 'before' ? '' : frame
    },
    push(chunk) {
      waiting += chunk
      if (text.length > minBatch && waiting.length < text.length) return []
      text += waiting
      waiting = ''
      return cut() ?? scan()
    },
    end() {
      text += waiting
      const items = scan()
      return { items, response: JSON.parse(frame + text) as unknown }
    },
  }
}
