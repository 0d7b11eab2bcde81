import type { Route } from '../../http/route.ts'
import { collectionOf } from '../../store/collection.ts'
import { boolean, choice, DELETED, datetime, integer, text } from '../../store/fields.ts'
import { ANNOTATIONS, DASHBOARDS, INSIGHTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'

const annotations: Resource = {
  kind: ANNOTATIONS,
  path: 'projects/:project/annotations',
  object: 'annotation',
  fields: {
    content: text({ nullable: true, maxLength: 8_192 }),
    date_marker: datetime({ nullable: true }),
    creation_type: choice(['USR', 'GIT'], { default: 'USR' }),
    dashboard_item: integer({ nullable: true }),
    dashboard_id: integer({ nullable: true }),
    deleted: DELETED,
    emoji: text({ nullable: true, blank: true, maxLength: 16 }),
    hidden_in_user_interface: boolean({ nullable: true, default: false }),
    scope: choice(['dashboard_item', 'dashboard', 'project', 'organization', 'recording'], {
      default: 'project',
    }),
  },
  systemFields: ['created_at', 'created_by', 'updated_at'],
  deletion: 'refused',
  activity: 'Annotation',
  search: ['content'],
  view: ({ state }, annotation) => {
    const insight = collectionOf(state, INSIGHTS).get(annotation['dashboard_item'])
    const dashboard = collectionOf(state, DASHBOARDS).get(annotation['dashboard_id'])
    return {
      insight_short_id: insight?.['short_id'] ?? null,
      insight_name: insight?.['name'] ?? null,
      insight_derived_name: insight?.['derived_name'] ?? null,
      dashboard_name: dashboard?.['name'] ?? null,
    }
  },
}

/** Annotations. */
export const annotationRoutes: readonly Route[] = resourceRoutes(annotations)
