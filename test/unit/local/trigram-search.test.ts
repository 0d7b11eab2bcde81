import { describe, expect, it } from 'vitest'
import { searchRecords, searchTerm, textsIn } from '../../../src/local/store/trigram-search.ts'

const names = ['Monthly revenue', 'Monthly signups', 'Weekly revenue by plan', 'Churn']
const find = (term: string): string[] => searchRecords(names, term, (name) => textsIn({ name }, ['name']))

describe('a search by trigrams', () => {
  it('returns the names that contain the term, the most similar first', () => {
    expect(find('revenue')).toEqual(['Monthly revenue', 'Weekly revenue by plan'])
    expect(find('MONTHLY S')).toEqual(['Monthly signups'])
    expect(find('nue b')).toEqual(['Weekly revenue by plan'])
  })

  it('returns similar names only if none contains the term', () => {
    expect(find('revenu plans')).toEqual(['Weekly revenue by plan', 'Monthly revenue'])
    expect(find('chrun')).toEqual(['Churn'])
    expect(find('zzz')).toEqual([])
  })

  it('ranks like word_similarity of PostgreSQL, whose manual gives 0.8 for `word` in `two words`', () => {
    // The point keeps the text from containing the term. It is no part of a word.
    const found = (threshold: number): string[] =>
      searchRecords(['two words'], 'word.', (text) => [{ text, threshold }])
    expect(found(0.79)).toEqual(['two words'])
    expect(found(0.81)).toEqual([])
  })

  it('demands more of descriptions, and the whole term of tags', () => {
    const records = [
      { name: 'A', description: 'Revenue of the shop', tags: ['finance'] },
      { name: 'B', description: '', tags: ['revenue'] },
    ]
    const search = (term: string): string[] =>
      searchRecords(records, term, (record) => textsIn(record, ['name', 'description', 'tags'])).map(
        ({ name }) => name,
      )
    expect(search('revenue')).toEqual(['A', 'B'])
    expect(search('revnue')).toEqual(['A'])
    expect(search('finanse')).toEqual([])
  })

  it('trims the term, and rejects more than 200 characters', () => {
    expect(searchTerm(new URL('http://x/?search=%20a%00b%20'))).toBe('ab')
    expect(searchTerm(new URL('http://x/'))).toBe('')
    expect(() => searchTerm(new URL(`http://x/?search=${'x'.repeat(201)}`))).toThrow()
  })
})
