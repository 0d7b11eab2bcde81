import { describe, expect, it } from 'vitest'
import { dashboardKind } from '../../../../src/resources/projects/dashboard-kind.ts'

const insight = { id: 1, short_id: 'aBcD', name: 'Sign-ups' }

describe('dashboardKind', () => {
  it.each<[what: string, dashboard: object, reason: string]>([
    [
      'a button',
      { tiles: [{ id: 7, button_tile: { text: 'Go' } }] },
      'Its tile 7 is neither an insight nor a text.',
    ],
    ['a widget', { tiles: [{ id: 8, widget: { id: 'x' } }] }, 'Its tile 8 is neither an insight nor a text.'],
    [
      'an insight without a name',
      { tiles: [{ id: 9, insight: { ...insight, name: null } }] },
      'Its insight aBcD has no name.',
    ],
    [
      'variables of its own',
      { tiles: [], persisted_variables: { id: { value: 1 } } },
      'It overrides SQL variables.',
    ],
  ])('refuses a dashboard with %s', (_, dashboard, reason) => {
    expect(() => dashboardKind.check?.({ ...dashboard })).toThrow(reason)
  })

  it('ignores deleted tiles, and tells texts of the same body apart', async () => {
    const text = { body: 'Note' }
    const tiles = [
      { id: 1, text, color: 'blue' },
      { id: 2, text, layouts: { sm: { x: 0 } } },
      { id: 3, insight, deleted: true },
      { id: 4, insight, filters_overrides: { date_from: '-7d' }, color: null },
    ]
    const fields = await dashboardKind.fields({ tiles }, async (value) => value)
    expect(fields['tiles']).toEqual({
      'text Note': { text: 'Note', color: 'blue' },
      'text Note (2)': { text: 'Note', layouts: { sm: { x: 0 } } },
      'insight Sign-ups': { insight: 'Sign-ups', filters_overrides: { date_from: '-7d' } },
    })
  })
})
