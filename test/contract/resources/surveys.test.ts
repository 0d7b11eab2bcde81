import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SurveyResponse, TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let time = Date.parse('2026-11-20T10:00:00Z')
const wait = (minutes: number): void => {
  time += minutes * 60_000
  vi.setSystemTime(time)
}

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  // The client and the server share a clock: PostHog corrects timestamps by their difference.
  vi.useFakeTimers({ toFake: ['Date'], now: time })
  ;({ local, posthog } = await startLocalClient({ events: 50 }))
})
afterAll(async () => {
  vi.useRealTimers()
  await local.close()
})

const questions = [
  { id: 'q-score', type: 'rating', question: 'How likely?', scale: 10, display: 'number' },
  { id: 'q-why', type: 'open', question: 'Why?' },
]
const draft = async (more: object = {}): Promise<string> =>
  (await posthog.surveys.create({ name: `NPS ${time}`, type: 'popover', questions, ...more } as never)).id

describe('launching and stopping a survey', () => {
  it('sets its dates once', async () => {
    const { surveys } = posthog
    const id = await draft()
    const launched = await surveys.launch(id)
    expect(launched).toMatchObject({ start_date: new Date(time).toISOString(), end_date: null })
    wait(1)
    expect((await surveys.launch(id)).start_date).toBe(launched.start_date)
    const stopped = await surveys.stop(id)
    expect(stopped.end_date).toBe(new Date(time).toISOString())
    wait(1)
    expect((await surveys.stop(id)).end_date).toBe(stopped.end_date)
    const { items } = await surveys.activity(id)
    expect(items.map(({ activity }) => activity)).toEqual(['stopped', 'launched', 'created'])
  })

  it('refuses archived surveys, and those that have ended', async () => {
    const { surveys } = posthog
    const archived = await draft({ archived: true })
    await expect(surveys.launch(archived)).rejects.toMatchObject({
      status: 400,
      detail: 'Cannot launch an archived survey. Unarchive it first.',
    })
    await expect(surveys.stop(archived)).rejects.toMatchObject({ status: 400 })
    const ended = await draft({ end_date: '2026-01-01T00:00:00Z' })
    await expect(surveys.launch(ended)).rejects.toMatchObject({
      detail: 'Cannot launch a survey with end_date in the past. Extend the end_date first.',
    })
  })
})

describe('surveys.responses', () => {
  const read = async (id: string, query: object = {}): Promise<SurveyResponse[]> => {
    const found: SurveyResponse[] = []
    for await (const response of posthog.surveys.responses(id, query)) found.push(response)
    return found
  }

  it('lists submissions with the latest answer to each question, the newest first', async () => {
    const id = await draft()
    await posthog.surveys.launch(id)
    const start = time
    wait(10)
    const sent = (distinctId: string, minute: number, properties: object): object => ({
      event: 'survey sent',
      distinctId,
      timestamp: new Date(start + minute * 60_000).toISOString(),
      properties: { $survey_id: id, ...properties },
    })
    const partial = { $survey_submission_id: 'one', $session_id: 's1' }
    await posthog.events.captureBatch([
      sent('user-1', 1, { ...partial, '$survey_response_q-score': 4 }),
      sent('user-1', 2, { ...partial, '$survey_response_q-score': 9, $browser: 'Firefox' }),
      sent('user-1', 3, { ...partial, '$survey_response_q-why': 'Fast' }),
      sent('user-2', 4, { $survey_response: 2, $survey_response_1: 'Slow' }),
    ] as never)
    const [second, first] = await read(id, { limit: 1 })
    expect(first).toMatchObject({
      distinct_id: 'user-1',
      session_id: 's1',
      answers: [
        { question_id: 'q-score', question_index: 0, question_text: 'How likely?', answer: '9' },
        { question_id: 'q-why', question_index: 1, question_type: 'open', answer: 'Fast' },
      ],
      extra: { browser: null },
    })
    expect(second?.answers.map(({ answer }) => answer)).toEqual(['2', 'Slow'])
    expect(second?.session_id).toBeNull()

    const scores = await read(id, { question_id: 'q-score', score_gte: 7 })
    expect(scores.map(({ uuid }) => uuid)).toEqual([first?.uuid])
    expect(scores[0]?.answers).toHaveLength(1)
    expect(await read(id, { question_id: 'gone' })).toEqual([])
    expect(await read(id, { since: new Date(time).toISOString() })).toEqual([])
    await posthog.surveys.archiveResponse(id, second?.uuid ?? '')
    expect((await read(id, { exclude_archived: true })).map(({ uuid }) => uuid)).toEqual([first?.uuid])
    expect(await read(id)).toHaveLength(2)
  })

  it('needs a question for scores', async () => {
    const id = await draft()
    await expect(read(id, { score_lte: 3 })).rejects.toMatchObject({
      status: 400,
      detail: 'score_lte and score_gte require question_id to be specified',
    })
  })
})
