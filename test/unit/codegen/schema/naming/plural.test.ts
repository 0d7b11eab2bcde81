import { describe, expect, it } from 'vitest'
import { isPlural, singular } from '../../../../../src/codegen/schema/naming/plural.ts'
import { camelCase, wordsOf } from '../../../../../src/codegen/schema/naming/words.ts'

describe('singular', () => {
  it.each([
    ['flags', 'flag'],
    ['queries', 'query'],
    ['hashes', 'hash'],
    ['boxes', 'box'],
    ['releases', 'release'],
    ['canvases', 'canvas'],
    ['aliases', 'alias'],
    ['series', 'series'],
    ['status', 'status'],
    ['analytics', 'analytics'],
    ['access', 'access'],
    ['person', 'person'],
    ['constructor', 'constructor'],
    ['', ''],
  ])('of %j is %j', (plural, expected) => {
    expect(singular(plural)).toBe(expected)
  })

  it('of every word it calls a plural is another word', () => {
    for (const word of ['flags', 'queries', 'criteria', 'ties']) {
      expect(isPlural(word)).toBe(true)
      expect(singular(word)).not.toBe(word)
    }
  })
})

describe('wordsOf', () => {
  it.each([
    ['saved_queries', ['saved', 'queries']],
    ['explainLogWithAI', ['explain', 'log', 'with', 'ai']],
    ['HogQLQuery', ['hog', 'ql', 'query']],
    ['openapi.json', ['openapi', 'json']],
    ['@me', ['me']],
    ['user__uuid', ['user', 'uuid']],
    ['', []],
  ])('splits %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('joins to camel case', () => {
    expect(camelCase(wordsOf('start_2fa_setup'))).toBe('start2faSetup')
  })
})
