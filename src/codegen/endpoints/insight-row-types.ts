/** Types that `typehog` exports for the results of insight kinds. Other kinds have no type that could be relied on. */
export const insightRowTypes: ReadonlyMap<string, string> = new Map([
  ['LifecycleQuery', 'LifecycleRow'],
  ['PathsQuery', 'PathsRow'],
  ['RetentionQuery', 'RetentionRow'],
  ['StickinessQuery', 'StickinessRow'],
  ['TrendsQuery', 'TrendsRow'],
])
