import { expect } from 'vitest'
import type { Journey } from '../journey.ts'

export const persons: Journey = async ({ posthog: { persons }, keeps }) => {
  const { items } = await persons.list({ limit: 3 })
  const [first, second] = items
  const id = first?.uuid ?? ''
  const distinctId = first?.distinct_ids[0] ?? ''
  await persons.get(id)
  const found = await persons.getByDistinctId(distinctId)
  if (keeps) expect(found.uuid).toBe(id)
  await persons.search('@')
  await persons.update(id, { properties: { plan: 'pro' } })
  await persons.updateProperty(id, { key: 'plan', value: 'team' })
  await persons.deleteProperty(id, 'plan')
  await persons.activity(id)
  await persons.propertiesTimeline(id)
  await persons.values({ key: 'email' })
  await persons.split(id, { mainDistinctId: distinctId })
  const gone = second?.distinct_ids[0] ?? 'gone'
  const { found: counted } = await persons.erase({ distinctIds: [gone], dryRun: true })
  const receipt = await persons.erase({ distinctIds: [gone, 'nobody'] })
  if (keeps)
    expect([counted, receipt]).toEqual([
      1,
      expect.objectContaining({ requested: 2, found: 1, deleted: 1, failed: [] }),
    ])
  await persons.deletions()
}

export const cohorts: Journey = async ({ posthog: { cohorts, persons }, keeps, fresh }) => {
  const { items } = await persons.list({ limit: 2 })
  const [first, second] = items
  const made = await cohorts.create({ name: fresh('Paying'), is_static: true })
  const { id } = made
  await cohorts.get(id)
  await cohorts.list()
  await cohorts.update(id, { description: 'Any plan' })
  const distinctIds = [first?.distinct_ids[0] ?? '', 'nobody']
  const added = await cohorts.addPersons(id, { distinctIds })
  if (keeps) expect(added).toEqual({ added: 1, missing: { distinctIds: ['nobody'], emails: [] } })
  const { cohort } = await cohorts.createStatic({ name: fresh('CRM'), personIds: [second?.uuid ?? ''] })
  const inside = await cohorts.persons(cohort.id)
  if (keeps) expect(inside.items.map(({ uuid }) => uuid)).toEqual([second?.uuid])
  await cohorts.removePerson(id, first?.uuid ?? '')
  await cohorts.calculationHistory(id)
  await cohorts.activity(id)
  await cohorts.delete(id)
  await cohorts.restore(id)
  await cohorts.deleteMany([id, cohort.id])
}

export const groups: Journey = async ({ posthog: { groups }, keeps, fresh }) => {
  const group = { group_type_index: 0, group_key: fresh('acme') }
  await groups.create({ ...group, group_properties: null })
  await groups.list({ group_type_index: 0 })
  await groups.updateProperty(group, { key: 'plan', value: 'pro' })
  const { group_properties } = await groups.find(group)
  if (keeps) expect(group_properties).toEqual({ plan: 'pro' })
  await groups.deleteProperty(group, 'plan')
  await groups.related({ group_type_index: 0, id: group.group_key })
  await groups.propertyDefinitions()
  await groups.propertyValues({ group_type_index: 0, key: 'plan' })
  await groups.activity({ group_type_index: 0, id: group.group_key })
  await groups.types()
}

export const events: Journey = async ({ posthog: { events, hogql }, keeps, fresh }) => {
  await events.values({ key: '$browser', event_name: ['$pageview'] })
  const event = fresh('signed up')
  const { uuids } = await events.capture({ event, distinctId: 'user-1', properties: { plan: 'pro' } })
  const { sent } = await events.captureBatch([1, 2].map((n) => ({ event, distinctId: `user-${n}` })))
  expect(sent).toBe(2)
  await events.get(uuids[0] ?? '')
  if (keeps) {
    const { rows } = await hogql<{
      count: number
    }>`select count() as count from events where event = ${event}`
    expect(rows).toEqual([{ count: 3 }])
  }
}

export const eventDefinitions: Journey = async ({ posthog: { eventDefinitions }, fresh }) => {
  const { id, name } = await eventDefinitions.create({ name: fresh('paid') })
  await eventDefinitions.get(id)
  await eventDefinitions.list()
  await eventDefinitions.getByName(name)
  await eventDefinitions.metrics(id)
  await eventDefinitions.update(id, { description: 'Money' })
  await eventDefinitions.updateTags({ action: 'add', ids: [1], tags: ['core'] })
  await eventDefinitions.deleteMany([id], { dryRun: true })
  await eventDefinitions.delete(id)
  expect((await eventDefinitions.deleteMany([id])).failed).toEqual([])
}

export const propertyDefinitions: Journey = async ({ posthog: { propertyDefinitions }, keeps }) => {
  const { items } = await propertyDefinitions.list({ limit: 5 })
  const { id = '', name = '' } = items[0] ?? {}
  await propertyDefinitions.get(id)
  await propertyDefinitions.update(id, { description: 'Text' })
  const seen = await propertyDefinitions.seenTogether({
    event_names: ['$pageview', 'nothing'],
    property_name: name,
  })
  if (keeps) expect(seen['nothing']).toBe(false)
  await propertyDefinitions.updateTags({ action: 'add', ids: [1], tags: ['core'] })
  await propertyDefinitions.deleteMany([id], { dryRun: true })
  await propertyDefinitions.delete(id)
  expect((await propertyDefinitions.deleteMany([id])).failed).toEqual([])
}

export const sessionRecordings: Journey = async ({ posthog: { sessionRecordings }, keeps }) => {
  const { items } = await sessionRecordings.list({ limit: 2 })
  const id = items[0]?.id ?? ''
  await sessionRecordings.get(id)
  await sessionRecordings.update(id, { viewed: true } as never)
  await sessionRecordings.sharing(id)
  const { enabled } = await sessionRecordings.updateSharing(id, { enabled: true })
  if (keeps) expect(enabled).toBe(true)
  await sessionRecordings.refreshSharing(id)
  const { share_passwords } = await sessionRecordings.addSharingPassword(id, { password_required: true })
  await sessionRecordings.deleteSharingPassword(id, String(share_passwords[0]?.id ?? 1))
  await sessionRecordings.deleteMany([id], { dryRun: true })
  await sessionRecordings.delete(id)
  expect((await sessionRecordings.deleteMany([id])).failed).toEqual([])
}
