import { expect, it } from 'vitest'
import { renderQueries } from '../../../../src/codegen/queries/render-queries.ts'
import { described } from './described-queries.ts'

it('renders the same bytes for any order', () => {
  expect(renderQueries([...described].reverse())).toBe(renderQueries(described))
})

it('renders an empty module', () => {
  expect(renderQueries([])).toBe(
    "// Written by `typehog queries pull`. Do not edit: change the .sql files and pull again.\n\n/** The queries of the project's .sql files. */\nexport const queries: {} = {}\n",
  )
})
