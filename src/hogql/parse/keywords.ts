const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Units of INTERVAL. Names, but never aliases without AS. */
export const INTERVALS: ReadonlySet<string> = words('SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR YYYY')

/** Keywords that may also be names. */
const NAME_KEYWORDS: ReadonlySet<string> = words(`
  ALL AND ANTI ANY ARRAY AS ASC ASCENDING ASOF BETWEEN BOTH BY CASE CAST COHORT COLLATE COLUMNS CROSS CUBE CURRENT
  DATE DESC DESCENDING DISTINCT ELSE END EXCLUDE EXTRACT FILL FILTER FINAL FIRST FOLLOWING FOR FROM FULL GROUP
  GROUPING HAVING ID IF IGNORE ILIKE IN INCLUDE INNER INTERPOLATE INTERVAL IS JOIN KEY LAMBDA LAST LEADING LEFT LIKE
  LIMIT LOCAL NAME NATURAL NOT NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PIVOT POSITIONAL PRECEDING PREWHERE
  QUALIFY RANGE RECURSIVE REPLACE RETURN RIGHT ROLLUP ROW ROWS SAMPLE SELECT SEMI SETS SETTINGS STEP SUBSTRING THEN
  TIES TIME TIMESTAMP TO TOP TOTALS TRAILING TRIM TRUNCATE TRY_CAST UNBOUNDED UNION UNPIVOT USING VALUES WHEN WHERE
  WINDOW WITH ZONE
`)

/** Keywords that are never names. */
const RESERVED: ReadonlySet<string> = words(`
  CATCH EXCEPT FINALLY FN FUN INF INFINITY INTERSECT LET MATERIALIZED NAN NULL THROW TRY WHILE WITHIN
`)

const TABLE_ALIASES = words('DATE FIRST ID KEY')
const COLUMN_ALIASES = words('ASC ASCENDING COHORT DATE DESCENDING FINAL ID RETURN TOP TOTALS')

/** Whether a word may stand for a name. */
export function isNameWord(keyword: string): boolean {
  return !RESERVED.has(keyword)
}

/** Whether a word is no keyword at all. */
function isPlainWord(keyword: string): boolean {
  return !NAME_KEYWORDS.has(keyword) && !RESERVED.has(keyword) && !INTERVALS.has(keyword)
}

/** Whether a word after a table is its alias. */
export function isTableAlias(keyword: string): boolean {
  return isPlainWord(keyword) || TABLE_ALIASES.has(keyword)
}

/** Whether a word after a column is its alias. */
export function isColumnAlias(keyword: string): boolean {
  return isPlainWord(keyword) || COLUMN_ALIASES.has(keyword)
}
