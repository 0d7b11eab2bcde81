/** Types that `typehog` exports for the results of insight kinds. Other kinds have no type that could be relied on. */
export const insightRowTypes: Readonly<Record<string, string>> = {
  LifecycleQuery: 'LifecycleRow',
  PathsQuery: 'PathsRow',
  RetentionQuery: 'RetentionRow',
  StickinessQuery: 'StickinessRow',
  TrendsQuery: 'TrendsRow',
}
