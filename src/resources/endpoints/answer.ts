import { DecodeError } from '../../runtime/errors/decode-error.ts'
import { answerFix } from '../../runtime/rows/answer-faults.ts'
import { type AnswerFields, readAnswerFields } from '../answer-fields.ts'

/** What PostHog answers to a run, as far as it is relied upon. Every field but `results` may be missing. */
export interface RunAnswer extends AnswerFields {
  readonly results: unknown
}

/** Keeps the fields of an answer that have the type they should have; the others count as missing. */
export function readAnswer(value: unknown, endpointName: string): RunAnswer {
  if (value === null || typeof value !== 'object' || !('results' in value)) {
    throw new DecodeError({
      message: `The answer of endpoint "${endpointName}" has no "results".`,
      fix: answerFix,
    })
  }
  return { results: value.results, ...readAnswerFields(value) }
}
