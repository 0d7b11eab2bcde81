import type { Route } from '../../http/route.ts'
import { boolean, choice, json, list, text } from '../../store/fields.ts'
import { TEMPLATES } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'

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
}

/** Templates of dashboards. */
export const templateRoutes: readonly Route[] = resourceRoutes(templates)
