import { readQueryFile } from '../../../src/codegen/queries/query-file.ts'
import { renderQueries } from '../../../src/codegen/queries/render-queries.ts'

/** The first query file that a page shows. */
export function shownQuery(page: string): string {
  const text = /^```sql\n(?<text>[\s\S]*?)^```/m.exec(page)?.groups?.['text']
  if (text === undefined) throw new Error('The page shows no query file.')
  return text
}

/** The output of `typehog queries pull` for the query file of a page, with the columns that its snippets read. */
export function pulledQueries(page: string): string {
  const file = readQueryFile({ path: 'queries/top-pages.sql', text: shownQuery(page) }, ({ message }) => {
    throw new Error(message)
  })
  const columns = [
    { name: 'path', type: 'Nullable(String)' },
    { name: 'views', type: 'UInt64' },
  ]
  return renderQueries(file === undefined ? [] : [{ file, columns }])
}
