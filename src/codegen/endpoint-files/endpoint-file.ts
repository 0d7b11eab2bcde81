import type { EndpointDefinition } from '../../shared/endpoint-definition.ts'
import { normalizeText } from '../source-text.ts'
import type { Place } from './file-problem.ts'

/** A key of an object or an index of a list. */
export type PathStep = string | number

/** An endpoint that a file defines. */
export interface EndpointFile {
  /** Path of the file, as the user gave it. */
  readonly file: string
  readonly definition: EndpointDefinition
  /** Returns the place of a part of the definition, such as `['variables', 0, 'type']`, or of the part around it. */
  at(path: readonly PathStep[]): Place
  /** Returns the place of a character of the HogQL query. */
  atQuery(offset: number): Place
  /** The YAML text. Undefined for a definition in a module. */
  readonly yaml?: string
  /** The `.sql` file that `query_file` names. */
  readonly queryFile?: QueryFile
}

/** A `.sql` file with the query of an endpoint. */
export interface QueryFile {
  readonly file: string
  readonly text: string
}

/** Returns the query text of a `.sql` file: with line feeds, and without white space at the end. */
export function queryOfFile({ text }: QueryFile): string {
  return normalizeText(text).trimEnd()
}

/** Returns the text of a HogQL query; undefined for queries of other kinds. */
export function hogqlOf({ query }: Pick<EndpointDefinition, 'query'>): string | undefined {
  return query.kind === 'HogQLQuery' ? query.query : undefined
}

/** Whether a query is the text of a HogQL query and has no other settings. */
export function isPlainHogql({ query }: Pick<EndpointDefinition, 'query'>): boolean {
  return query.kind === 'HogQLQuery' && Object.keys(query).every((key) => key === 'kind' || key === 'query')
}
