/** Reasons, and the tables of PostHog that cannot be filled locally for each. */
const TABLES_BY_REASON: Readonly<Record<string, string>> = {
  'The local PostHog has no measures of apps.': 'app_metrics',
  'The local PostHog has no heatmaps.': 'heatmaps',
  'The local PostHog has no exchange rates.': 'exchange_rate',
  'The local PostHog has no embeddings.': 'document_embeddings raw_document_embeddings pg_embeddings',
  'The local PostHog has no logs of apps.': 'logs_kafka_metrics',
  'The local PostHog lists its queries in query_log only.': 'raw_query_log',
  'The local PostHog has the second version of sessions only.': 'raw_sessions_v3',
  'The local PostHog has no revenue.': 'persons_revenue_analytics groups_revenue_analytics',
  'The local PostHog has no aggregated web analytics.': `
    web_stats_daily web_stats_hourly web_stats_combined web_bounces_daily web_bounces_hourly web_bounces_combined
    web_pre_aggregated_stats web_pre_aggregated_bounces`,
  'The local PostHog has no accounts of customers.': `
    system.accounts system.account_relationship_definitions system.account_relationships
    system.custom_property_definitions system.support_tickets`,
  'The local PostHog has no knowledge base.': `
    system.business_knowledge_chunks system.business_knowledge_documents system.business_knowledge_sources`,
  'The local PostHog has no warehouse with tables of its own.': `
    system.data_modeling_jobs system.data_modeling_views system.source_schemas`,
  'The local PostHog does not compile the rules of error tracking.': `
    system.error_tracking_assignment_rules system.error_tracking_bypass_rules system.error_tracking_suppression_rules`,
  'The local PostHog has no evaluations of traces.': 'system.evaluation_directories system.evaluations',
  'The local PostHog has no messages.': 'system.message_categories system.message_recipient_preferences',
  'The local PostHog has no runs of functions.': 'posthog.hog_invocation_results',
  'The local PostHog computes no features of recordings.': 'posthog.session_replay_features',
  'The local PostHog has no metrics of apps.': `
    posthog.metric_samples posthog.metric_series posthog.metrics_kafka_metrics`,
  'The local PostHog has no tasks.': `
    system.sandbox_environments system.task_runs system.tasks system.integration_repository_cache`,
  'The local PostHog lists its recordings in session_replay_events only.': `
    system.session_recordings system.session_recording_playlists`,
  'The local PostHog has no folders of its records.': 'system.file_system',
  'The local PostHog has no warnings of ingestion.': 'system.ingestion_warnings',
  'The local PostHog keeps tags in the records that have them.': 'system.tags',
  'The local PostHog does not list its tables as a table.': 'system.information_schema',
}

/** Tables of PostHog that cannot be filled locally, with the reason. */
export const tablesNotLocal: ReadonlyMap<string, string> = byName(TABLES_BY_REASON)

const NO_GROUP_PROPERTIES = 'Local events do not keep the properties of their groups. Use group_0 to group_4.'
const NO_REVENUE = 'The local PostHog has no revenue.'

/** Fields of PostHog that cannot be filled locally, as table and field, with the reason. */
export const fieldsNotLocal: ReadonlyMap<string, string> = byName({
  [NO_GROUP_PROPERTIES]: 'events.goe_0 events.goe_1 events.goe_2 events.goe_3 events.goe_4',
  [NO_REVENUE]: `
    persons.$virt_revenue persons.$virt_mrr persons.revenue_analytics
    groups.$virt_revenue groups.$virt_mrr groups.revenue_analytics
    events.poe.$virt_revenue events.poe.$virt_mrr events.poe.revenue_analytics`,
})

function byName(namesByReason: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(namesByReason).flatMap(([reason, names]) =>
      names
        .trim()
        .split(/\s+/)
        .map((name): [string, string] => [name, reason]),
    ),
  )
}
