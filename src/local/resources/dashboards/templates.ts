import { isObject } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord, randomText } from '../../store/collection.ts'
import { INSIGHTS, TEMPLATES } from '../../store/kinds.ts'
import { addTile } from './tiles.ts'

/** The template with this name. */
export function templateNamed(world: ServerState, name: string): JsonRecord | undefined {
  return collectionOf(world, TEMPLATES)
    .all()
    .find((template) => template['template_name'] === name && template['deleted'] !== true)
}

/** Puts the tiles of a template on a dashboard: a new insight for each, or a text. */
export function applyTemplate(world: ServerState, dashboard: number, { tiles }: JsonRecord): void {
  for (const tile of Array.isArray(tiles) ? tiles.filter(isObject) : []) {
    const place = { layouts: tile['layouts'] ?? {}, color: tile['color'] ?? null }
    if (tile['type'] === 'TEXT') addTile(world, dashboard, { ...place, text: { body: tile['body'] ?? '' } })
    else addTile(world, dashboard, { ...place, insight: addInsight(world, tile) })
  }
}

function addInsight(world: ServerState, tile: JsonRecord): number {
  const now = world.now().toISOString()
  const insight = collectionOf(world, INSIGHTS).add({
    name: tile['name'] ?? null,
    derived_name: null,
    description: tile['description'] ?? null,
    query: tile['query'] ?? null,
    order: null,
    deleted: false,
    tags: [],
    favorited: false,
    saved: true,
    short_id: randomText(8),
    created_at: now,
    updated_at: now,
  })
  return Number(insight.id)
}
