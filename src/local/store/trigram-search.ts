import { invalid } from '../http/api-error.ts'
import type { JsonRecord } from './collection.ts'

/** A text to search, as PostHog weighs it. */
export interface SearchText {
  readonly text: string
  /** Factor of the word similarity in the score. Default: 1. */
  readonly weight?: number
  /** Word similarity above which a text is similar to the term. Default: 0.3. */
  readonly threshold?: number
  /** Adds the similarity of the whole text to the score. */
  readonly whole?: boolean
  /** Only contained terms match, not similar ones. */
  readonly literal?: boolean
}

const THRESHOLD = 0.3
const DESCRIPTION: Omit<SearchText, 'text'> = { weight: 0.5, threshold: 0.4 }
/** Maximum number of characters of a search. */
const MAX_LENGTH = 200

/**
 * Reads the query parameter `search`. Empty text searches nothing.
 *
 * @throws ApiError 400 for a long text
 */
export function searchTerm({ searchParams }: URL): string {
  const given = searchParams.get('search') ?? ''
  if (given.length > MAX_LENGTH) {
    throw invalid('search', `Search query must be ${MAX_LENGTH} characters or fewer.`)
  }
  return given.replaceAll('\0', '').trim()
}

/**
 * Finds the records that contain a term, or else those with similar words, the best match first.
 *
 * @see PostHog/posthog posthog/helpers/trigram_search.py
 */
export function searchRecords<T>(
  records: readonly T[],
  term: string,
  textsOf: (record: T) => readonly SearchText[],
): T[] {
  const scored = records.map((record) => ({ record, texts: textsOf(record) }))
  const exact = scored.filter(({ texts }) => containsTerm(texts, term))
  const found = exact.length > 0 ? exact : scored.filter(({ texts }) => isSimilar(texts, term))
  return found
    .map(({ record, texts }) => ({ record, score: scoreOf(texts, term) }))
    .sort((a, b) => b.score - a.score)
    .map(({ record }) => record)
}

/** Whether one of the texts contains a term, in upper or lower case. */
export function containsTerm(texts: readonly SearchText[], term: string): boolean {
  return texts.some(({ text }) => text.toLowerCase().includes(term.toLowerCase()))
}

/** The texts in members of a record. Names count most, descriptions least, and tags only if they contain the term. */
export function textsIn(record: JsonRecord, members: readonly string[]): SearchText[] {
  return members.flatMap((name): SearchText[] => {
    const value = record[name]
    if (name === 'tags')
      return (Array.isArray(value) ? value : []).map((tag) => ({ text: String(tag), literal: true }))
    const text = String(value ?? '')
    if (name === 'description') return [{ text, ...DESCRIPTION }]
    return [{ text, whole: name === 'name' }]
  })
}

function isSimilar(texts: readonly SearchText[], term: string): boolean {
  return texts.some(
    ({ text, threshold = THRESHOLD, literal }) => literal !== true && wordSimilarity(term, text) > threshold,
  )
}

function scoreOf(texts: readonly SearchText[], term: string): number {
  const scores = texts.map(({ text, weight = 1, whole, literal }) => {
    if (literal === true) return 0
    return wordSimilarity(term, text) * weight + (whole === true ? similarity(term, text) : 0)
  })
  return scores.reduce((sum, score) => sum + score, 0)
}

/** The similarity of two texts from 0 to 1, like that of PostgreSQL's pg_trgm. */
function similarity(one: string, other: string): number {
  const [a, b] = [new Set(trigramsOf(one)), new Set(trigramsOf(other))]
  return ratio([...a].filter((trigram) => b.has(trigram)).length, a.size, b.size)
}

/** The greatest similarity of a term to a run of trigrams of the text, like that of PostgreSQL's pg_trgm. */
function wordSimilarity(term: string, text: string): number {
  const wanted = new Set(trigramsOf(term))
  const trigrams = trigramsOf(text)
  let best = 0
  for (const start of trigrams.keys()) {
    const run = new Set<string>()
    let common = 0
    for (const trigram of trigrams.slice(start)) {
      if (!run.has(trigram) && wanted.has(trigram)) common += 1
      run.add(trigram)
      best = Math.max(best, ratio(common, wanted.size, run.size))
    }
  }
  return best
}

function ratio(common: number, one: number, other: number): number {
  return common === 0 ? 0 : common / (one + other - common)
}

/** Three letters at a time of each lowercase word, which two spaces precede and one follows. */
function trigramsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.flatMap((word) => {
    const letters = [...`  ${word} `]
    return letters.slice(2).map((_, index) => letters.slice(index, index + 3).join(''))
  })
}
