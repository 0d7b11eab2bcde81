import type { CollectionKind } from './collection.ts'

// Kinds of records that several resources read. They live here because their modules would import each other: insights
// refer to dashboards, dashboards to insights, surveys to flags, and flags to surveys.

export const ACTIONS: CollectionKind = { name: 'actions', ids: 'integer' }
export const INSIGHTS: CollectionKind = { name: 'insights', ids: 'integer' }
export const DASHBOARDS: CollectionKind = { name: 'dashboards', ids: 'integer' }
/** The tiles of all dashboards. */
export const TILES: CollectionKind = { name: 'dashboard_tiles', ids: 'integer' }
export const ALERTS: CollectionKind = { name: 'alerts', ids: 'uuid' }
export const TEMPLATES: CollectionKind = { name: 'dashboard_templates', ids: 'uuid' }
export const EXPERIMENTS: CollectionKind = { name: 'experiments', ids: 'integer' }
export const SURVEYS: CollectionKind = { name: 'surveys', ids: 'uuid' }
export const EARLY_ACCESS_FEATURES: CollectionKind = { name: 'early_access_features', ids: 'uuid' }
