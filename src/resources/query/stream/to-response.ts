import { checkChoice, rejectUnknownOptions } from '../../../runtime/config/check-options.ts'
import { rowLines } from '../../../runtime/rows/write-rows.ts'
import type { StreamPage } from './stream-options.ts'

/** Options of `RowStream.toResponse`. */
export interface RowResponseOptions {
  /** `ndjson`: one JSON object per line. `csv`: RFC 4180 with a header line. Default: `ndjson`. */
  readonly format?: 'ndjson' | 'csv' | undefined
  /** Prefixes CSV cells that a spreadsheet would run as a formula with an apostrophe. Default: true. */
  readonly disarmFormulas?: boolean | undefined
  /** Other headers of the response, such as `content-disposition`. */
  readonly headers?: ConstructorParameters<typeof Headers>[0] | undefined
}

const contentTypes = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const

/**
 * Writes pages of rows to the body of a `Response`. It reads a page only when the client has taken the one before, and
 * ends the transfer when the client leaves. A failure breaks the body off, so that the client does not take a part for
 * the whole.
 */
export function toResponse(
  pages: AsyncGenerator<StreamPage<unknown>, undefined>,
  options: RowResponseOptions,
): Response {
  rejectUnknownOptions('toResponse', options, { format: true, disarmFormulas: true, headers: true })
  const { format = 'ndjson', disarmFormulas = true } = options
  checkChoice('format', format, ['ndjson', 'csv'])
  const encoder = new TextEncoder()
  let isFirst = true
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pages.next()
        if (done === true) return controller.close()
        controller.enqueue(encoder.encode(rowLines(value, format, isFirst, { disarmFormulas })))
        isFirst = false
      },
      async cancel() {
        await pages.return(undefined)
      },
    },
    // Nothing is read before the client asks.
    { highWaterMark: 0 },
  )
  const headers = new Headers(options.headers)
  if (!headers.has('content-type')) headers.set('content-type', contentTypes[format])
  return new Response(body, { headers })
}
