import { describe, expect, it } from 'vitest'
import { type TranslateId, translateReferences } from '../../../../src/resources/projects/references.ts'

const variable = '0192f000-0000-7000-8000-000000000001'

/** Translates ids by adding 100, and variables to a fixed id. */
const translate: TranslateId = async (kind, id) => (kind === 'insightVariable' ? 'other' : Number(id) + 100)

describe('translateReferences', () => {
  it.each<[what: string, value: unknown, translated: unknown]>([
    ['a cohort filter', { type: 'cohort', key: 'id', value: 5, operator: 'in' }, { value: 105 }],
    ['a cohort filter with text', { type: 'static-cohort', key: 'id', value: '5' }, { value: '105' }],
    ['a cohort filter with several ids', { type: 'cohort', key: 'id', value: [5, 6] }, { value: [105, 106] }],
    [
      'a breakdown by cohort',
      { breakdown_type: 'cohort', breakdown: [5, 'all'] },
      { breakdown: [105, 'all'] },
    ],
    [
      'one of several breakdowns',
      { breakdowns: [{ type: 'cohort', property: 5 }] },
      { breakdowns: [{ property: 105 }] },
    ],
    ['an action in a series', { kind: 'ActionsNode', id: 7 }, { id: 107 }],
    [
      'an action of a retention',
      { targetEntity: { type: 'actions', id: '7' } },
      { targetEntity: { id: '107' } },
    ],
    [
      'an action of a conversion goal',
      { conversionGoal: { actionId: 7 } },
      { conversionGoal: { actionId: 107 } },
    ],
    ['a flag condition', { type: 'flag', key: '12', value: true }, { key: '112' }],
    [
      'group types, 0 included',
      { aggregation_group_type_index: 0, math_group_type_index: null },
      { aggregation_group_type_index: 100, math_group_type_index: null },
    ],
    [
      'SQL variables',
      { variables: { [variable]: { variableId: variable, code_name: 'plan', value: 'pro' } } },
      { variables: { other: { variableId: 'other', code_name: 'plan', value: 'pro' } } },
    ],
  ])('translates %s', async (_, value, translated) => {
    expect(await translateReferences({ source: value }, translate)).toMatchObject({
      source: translated as object,
    })
  })

  it.each<[what: string, value: unknown]>([
    ['a property that is called id', { type: 'person', key: 'id', value: 5 }],
    ['the flag property of an event', { type: 'flag', key: '$feature/beta', value: 'a' }],
    ['a breakdown by a property', { breakdown_type: 'event', breakdown: '5' }],
    ['an event entity', { type: 'events', id: '$pageview' }],
    ['a cohort by name in SQL', { query: "select 1 from persons where id in cohort 'Paying'" }],
    ['false, 0 and empty text', { a: false, b: 0, c: '', d: null }],
    ['members without an id', { experiment_id: null, dashboardId: undefined }],
  ])('keeps %s', async (_, value) => {
    expect(await translateReferences(value, translate)).toEqual(value)
  })

  it.each<[value: unknown, message: string]>([
    [
      { query: 'select 1 from persons where id in cohort 5' },
      '`query` names a cohort or an action by its id, in SQL.',
    ],
    [{ series: [{ math_hogql: 'countIf(matchesAction(7))' }] }, '`series[0].math_hogql` names a cohort'],
    [
      { properties: [{ type: 'person', key: 'distinct_id', value: ['a'] }] },
      '`properties[0]` selects persons by their ids.',
    ],
    [{ source: { kind: 'SavedInsightNode', shortId: 'aBcD' } }, '`source` names an insight by its id.'],
    [{ source: { experiment_id: 3 } }, '`source.experiment_id` holds the id 3, of this project only.'],
    [{ connectionId: 'x' }, '`connectionId` holds the id "x"'],
  ])('refuses %j', async (value, message) => {
    await expect(translateReferences(value, translate)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
      fix: expect.any(String),
    })
  })

  it('rejects with the error of the translation', async () => {
    const error = new Error('No such cohort')
    const value = { properties: [{ type: 'cohort', key: 'id', value: 5 }] }
    await expect(translateReferences(value, () => Promise.reject(error))).rejects.toBe(error)
  })
})
