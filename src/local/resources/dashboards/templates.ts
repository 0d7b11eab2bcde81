import { isObject } from '../../../shared/is-object.ts'
import type { Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord, randomText } from '../../store/collection.ts'
import { boolean, choice, json, list, text } from '../../store/fields.ts'
import { INSIGHTS, TEMPLATES } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { addTile } from './tiles.ts'

/** Finds a template by name. */
export function findTemplate(state: ServerState, name: string): JsonRecord | undefined {
  return collectionOf(state, TEMPLATES)
    .all()
    .find((template) => template['template_name'] === name && template['deleted'] !== true)
}

/** Adds the tiles of a template to a dashboard, each with a new insight or a text. */
export function applyTemplate(state: ServerState, dashboard: number, { tiles }: JsonRecord): void {
  for (const tile of Array.isArray(tiles) ? tiles.filter(isObject) : []) {
    const layout = { layouts: tile['layouts'] ?? {}, color: tile['color'] ?? null }
    if (tile['type'] === 'TEXT') addTile(state, dashboard, { ...layout, text: { body: tile['body'] ?? '' } })
    else addTile(state, dashboard, { ...layout, insight: addInsight(state, tile) })
  }
}

function addInsight(state: ServerState, tile: JsonRecord): number {
  const now = state.now().toISOString()
  const insight = collectionOf(state, INSIGHTS).add({
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

const templates: Resource = {
  kind: TEMPLATES,
  path: 'projects/:project/dashboard_templates',
  object: 'dashboard_template',
  fields: {
    template_name: text({ nullable: true, maxLength: 400 }),
    dashboard_description: text({ nullable: true, blank: true, maxLength: 400 }),
    dashboard_filters: json({ default: null }),
    tags: list({ nullable: true, default: [] }),
    variables: json({ default: null }),
    tiles: json({ default: null }),
    deleted: boolean({ nullable: true, default: false }),
    image_url: text({ nullable: true, blank: true, maxLength: 8_201 }),
    scope: choice(['team', 'global', 'feature_flag'], { nullable: true, blank: true, default: 'team' }),
    availability_contexts: list({ nullable: true }),
    is_featured: boolean({ default: false }),
  },
  systemFields: ['created_at', 'created_by', 'team_id'],
  deletion: 'refused',
  search: ['template_name', 'dashboard_description'],
  filterBy: ['scope', 'is_featured'],
  view: (_, { tiles }) => ({ non_portable_references: nonPortableReferences(tiles) }),
}

/** Dashboard templates. */
export const templateRoutes: readonly Route[] = resourceRoutes(templates)

/** Counts references that exist in one project only. */
function nonPortableReferences(tiles: unknown): JsonRecord {
  const counts = { actions: 0, cohorts: 0 }
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    if (!isObject(value)) return
    if (value['kind'] === 'ActionsNode') counts.actions += 1
    if (value['type'] === 'cohort' && value['key'] === 'id') counts.cohorts += 1
    for (const item of Object.values(value)) visit(item)
  }
  visit(tiles)
  return { ...counts, warehouse_tables: [] }
}
