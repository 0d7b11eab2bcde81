import { initialChannelType, initialDomainType } from './channel-type.ts'
import { alias, join, parseFields } from './field-table.ts'
import type { Field, Table } from './table.ts'

const INDEXES = [0, 1, 2, 3, 4] as const

const text = (name: string): string => `ifNull(toString(properties.${name}), '')`
const elements = (pattern: string): string => `arrayDistinct(extractAll(elements_chain, '${pattern}'))`

/**
 * Events. PostHog reads persons from the events, with the person that a distinct id belongs to now:
 * `personsOnEventsMode` is `person_id_override_properties_on_events`. Locally, events always have their current person.
 *
 * Group types of a project are aliases as well: `company` is `group_0`.
 *
 * Source: posthog/hogql/database/schema/events.py and posthog/hogql/database/database.py of PostHog/posthog;
 * posthog/models/event/sql.py for the columns that are computed from `elements_chain`.
 */
export const EVENTS: Table = {
  name: 'events',
  source: { kind: 'engine', table: 'events' },
  fields: {
    ...parseFields(`
      uuid UUID
      event String
      properties Json
      timestamp DateTime
      team_id Integer
      distinct_id String
      elements_chain String
      created_at DateTime
      $session_id String
      $session_id_uuid hidden := _toUInt128(toUUID($session_id))
      $window_id := ${text('$window_id')}
      person_mode := if(JSONExtractRaw(properties, '$process_person_profile') = 'false', 'propertyless', 'full')
      person_id UUID
      ${INDEXES.map((index) => `$group_${index} := ${text(`$group_${index}`)}`).join('\n')}
      elements_chain_href := extract(elements_chain, '[:"]href="(.*?)"')
      elements_chain_texts := ${elements('[:"]text="(.*?)"')}
      elements_chain_ids := ${elements('[:"]attr_id="(.*?)"')}
      elements_chain_elements := ${elements('(?:^|;)(a|button|form|input|select|textarea|label)(?:[.:]|$)')}
      event_person_id UUID <person_id
      event_issue_id := toUUID(properties.$exception_issue_id)
      issue_id := if(empty(exception_issue_override.issue_id), event_issue_id, exception_issue_override.issue_id)
      issue_id_v2 := fingerprint_issue_state.issue_id
      issue_name := fingerprint_issue_state.issue_name
      issue_description := fingerprint_issue_state.issue_description
      issue_status := fingerprint_issue_state.issue_status
      issue_assigned_user_id := fingerprint_issue_state.assigned_user_id
      issue_assigned_role_id := fingerprint_issue_state.assigned_role_id
      issue_first_seen := fingerprint_issue_state.first_seen
      $virt_is_bot hidden := isLikelyBot(properties.$raw_user_agent)
      $virt_traffic_type hidden := getTrafficType(properties.$raw_user_agent)
      $virt_traffic_category hidden := getTrafficCategory(properties.$raw_user_agent)
      $virt_bot_name hidden := getBotName(properties.$raw_user_agent)
      $virt_bot_operator hidden := getBotOperator(properties.$raw_user_agent)
    `),
    person: alias('poe'),
    poe: {
      kind: 'group',
      fields: parseFields(`
        id UUID <person_id
        created_at DateTime <person_created_at
        properties Json <person_properties
        $virt_initial_referring_domain_type := ${initialDomainType('poe.properties')}
        $virt_initial_channel_type := ${initialChannelType('poe.properties')}
      `),
    },
    pdi: join('distinct_id', 'person_distinct_ids', 'distinct_id'),
    override: join('distinct_id', 'person_distinct_id_overrides', 'distinct_id'),
    session: join('$session_id', 'sessions', 'session_id'),
    exception_issue_override: join(
      ['properties', '$exception_fingerprint'],
      'error_tracking_issue_fingerprint_overrides',
      'fingerprint',
    ),
    fingerprint_issue_state: join(
      ['properties', '$exception_fingerprint'],
      'error_tracking_fingerprint_issue_state',
      'fingerprint',
    ),
    ...Object.fromEntries(
      INDEXES.map((index): [string, Field] => [
        `group_${index}`,
        join(`$group_${index}`, groupTableName(index), 'key'),
      ]),
    ),
  },
}

/** Name of the groups of one type, which joins use. A space keeps it apart from names that users write. */
export function groupTableName(index: number): string {
  return `groups ${index}`
}
