import { describe, expect, it } from 'vitest'
import { camelCase, isPlural, singular, wordsOf } from '../../../../../src/codegen/schema/naming/words.ts'

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
  ])('turns %j into %j', (plural, expected) => {
    expect(singular(plural)).toBe(expected)
  })

  it('changes every plural', () => {
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

  it('joins words in camelCase', () => {
    expect(camelCase(wordsOf('start_2fa_setup'))).toBe('start2faSetup')
  })
})
