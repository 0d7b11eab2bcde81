import { DecodeError } from '../../runtime/errors/result-errors.ts'
import { responseFix } from '../../runtime/rows/decode-rows.ts'
import { refuseReportedError } from '../../runtime/rows/incomplete.ts'
import { type AnswerFields, readAnswerFields } from '../answer-fields.ts'

/** What PostHog answers to a run, as far as it is relied upon. Every field but `results` may be missing. */
export interface RunAnswer extends AnswerFields {
  readonly results: unknown
}

/** The operation that runs endpoints. */
export const runRoute = 'POST /api/projects/{project_id}/endpoints/{name}/run/'

/**
 * Keeps the fields of an answer that have the type they should have; the others count as missing.
 *
 * @throws QueryError for an answer that says that the query failed, DecodeError for one without results
 */
export function readAnswer(value: unknown, endpointName: string): RunAnswer {
  refuseReportedError(value, runRoute)
  if (value === null || typeof value !== 'object' || !('results' in value)) {
    throw new DecodeError({
      message: `The answer of endpoint "${endpointName}" has no "results".`,
      fix: responseFix,
    })
  }
  return { results: value.results, ...readAnswerFields(value) }
}
