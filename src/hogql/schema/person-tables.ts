import { initialChannelType, initialDomainType } from './channel-type.ts'
import { join, parseFields } from './field-table.ts'
import type { Table } from './table.ts'

/*
 * Persons, their distinct ids, groups and cohorts.
 *
 * Source: posthog/hogql/database/schema/{persons,person_distinct_ids,person_distinct_id_overrides,groups,cohort_people,
 * static_cohort_people}.py of PostHog/posthog.
 */

const PERSON = `
  id UUID
  created_at DateTime
  team_id Integer
  properties Json
  is_identified Boolean
`
const DISTINCT_ID = `
  team_id Integer
  distinct_id String
  person_id UUID
`
const GROUP = `
  index Integer
  team_id Integer
  key String
  created_at DateTime
  updated_at DateTime
  properties Json
`
const MEMBER = `
  person_id UUID
  cohort_id Integer
  team_id Integer
`
// PostHog keeps all versions of these rows. The local PostHog keeps the newest one.
const VERSION = `
  is_deleted Boolean
  version Integer
`

const pdi = join('id', 'person_distinct_ids', 'person_id')
const person = join('person_id', 'persons', 'id')

const persons: Table = {
  name: 'persons',
  source: { kind: 'engine', table: 'persons' },
  fields: {
    ...parseFields(`
      ${PERSON}
      $virt_initial_referring_domain_type := ${initialDomainType('properties')}
      $virt_initial_channel_type := ${initialChannelType('properties')}
    `),
    pdi,
  },
}

const rawPersons: Table = {
  name: 'raw_persons',
  source: {
    kind: 'query',
    hogql: `SELECT id, created_at, team_id, properties, is_identified, false AS is_deleted, 0 AS version FROM persons`,
  },
  fields: { ...parseFields(PERSON + VERSION), pdi },
}

const personDistinctIds: Table = {
  name: 'person_distinct_ids',
  source: { kind: 'engine', table: 'person_distinct_ids' },
  fields: { ...parseFields(DISTINCT_ID), person },
}

const rawPersonDistinctIds: Table = {
  name: 'raw_person_distinct_ids',
  source: {
    kind: 'query',
    hogql:
      'SELECT team_id, distinct_id, person_id, false AS is_deleted, 0 AS version FROM person_distinct_ids',
  },
  fields: { ...parseFields(DISTINCT_ID + VERSION), person },
}

/** Distinct ids that changed their person after their events were stored. Locally, none: events follow. */
const overrides: Table = {
  name: 'person_distinct_id_overrides',
  source: { kind: 'records', name: 'person_distinct_id_overrides' },
  fields: { ...parseFields(DISTINCT_ID), person },
}

const rawOverrides: Table = {
  name: 'raw_person_distinct_id_overrides',
  source: { kind: 'records', name: 'raw_person_distinct_id_overrides' },
  fields: { ...parseFields(DISTINCT_ID + VERSION), person },
}

const groups: Table = {
  name: 'groups',
  source: { kind: 'records', name: 'groups' },
  fields: parseFields(GROUP),
}

const rawGroups: Table = { ...groups, name: 'raw_groups' }

const cohortPeople: Table = {
  name: 'cohort_people',
  source: { kind: 'records', name: 'cohort_people' },
  fields: { ...parseFields(MEMBER), person },
}

const rawCohortPeople: Table = {
  name: 'raw_cohort_people',
  source: { kind: 'records', name: 'raw_cohort_people' },
  fields: {
    ...parseFields(`
      ${MEMBER}
      sign Integer
      version Integer
    `),
    person,
  },
}

const staticCohortPeople: Table = {
  name: 'static_cohort_people',
  source: { kind: 'records', name: 'static_cohort_people' },
  fields: { ...parseFields(MEMBER), person },
}

/** Tables of persons, groups and cohorts. */
export const PERSON_TABLES: readonly Table[] = [
  ...[persons, rawPersons, personDistinctIds, rawPersonDistinctIds, overrides, rawOverrides],
  ...[groups, rawGroups, cohortPeople, rawCohortPeople, staticCohortPeople],
]

/** The groups of one type, for joins. */
export function groupsOfType(name: string, index: number): Table {
  return {
    name,
    source: {
      kind: 'query',
      hogql: `SELECT index, team_id, key, created_at, updated_at, properties FROM groups WHERE index = ${index}`,
    },
    fields: groups.fields,
  }
}
