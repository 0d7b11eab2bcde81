import type { List, Resources } from '../index.ts'

/** Paths of the methods that return a list, such as `cohorts.persons`. */
type ListPaths<Members, Prefix extends string = ''> = {
  [Name in keyof Members & string]: Members[Name] extends (...args: never) => infer Result
    ? Result extends List<unknown>
      ? `${Prefix}${Name}`
      : never
    : ListPaths<Members[Name], `${Prefix}${Name}.`>
}[keyof Members & string]

/** The methods that return a list and have a name other than `list`. */
const others: Readonly<Record<Exclude<ListPaths<Resources>, `${string}.list`>, true>> = {
  'apiKeys.listSecret': true,
  'batchExports.logs': true,
  'batchExports.runs': true,
  'batchExports.runLogs': true,
  'batchExports.backfills': true,
  'cohorts.persons': true,
  'cohorts.calculationHistory': true,
  'cohorts.activity': true,
  'comments.thread': true,
  'errorTracking.issues.query': true,
  'errorTracking.issues.events': true,
  'errorTracking.issues.activity': true,
  'endpoints.versions': true,
  'endpoints.logs': true,
  'experiments.activity': true,
  'featureFlags.stale': true,
  'featureFlags.activity': true,
  'groups.activity': true,
  'groups.types': true,
  'hogFunctions.logs': true,
  'hogFunctions.revisions': true,
  'insights.thresholds': true,
  'insights.activity': true,
  'persons.search': true,
  'persons.deletions': true,
  'persons.activity': true,
  'projects.activity': true,
  'roles.members': true,
  'subscriptions.deliveries': true,
  'surveys.responses': true,
  'surveys.activity': true,
}

/** Whether a method of a resource returns a list. */
export function returnsList(path: string): boolean {
  return path.endsWith('.list') || Object.hasOwn(others, path)
}
