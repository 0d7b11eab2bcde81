import { readQueryFile } from '../../../../src/codegen/queries/query-file.ts'
import type { DescribedQuery } from '../../../../src/codegen/queries/render-queries.ts'
import { normalizeText } from '../../../../src/codegen/source-text.ts'

/** Reads a query file and adds its columns. */
export function query(
  path: string,
  text: string,
  columns: Record<string, string> = { a: 'String' },
): DescribedQuery {
  const source = { path, text: normalizeText(text) }
  const file = readQueryFile(source, ({ message }) => {
    throw new Error(message)
  })
  if (file === undefined) throw new Error('The file has a problem.')
  return { file, columns: Object.entries(columns).map(([name, type]) => ({ name, type })) }
}

/** Queries with hostile names and texts. */
export const described: readonly DescribedQuery[] = [
  query(
    'queries/top-pages.sql',
    `-- Top pages. */ @ts-nocheck \${x}
-- @param when DateTime? the \`first\` moment
select '\`\${process.exit()}\` \\\\ \u202e é 🎉' as a from events
where timestamp > {since} and timestamp > {when} and event in {names} limit {n}`,
    {
      "a*/'b": 'Nullable(String)',
      ['__proto__']: 'UInt64',
      list: 'Array(Tuple(a String, b Nullable(Int8)))',
    },
  ),
  query('queries/now.sql', 'select now() as a'),
]
