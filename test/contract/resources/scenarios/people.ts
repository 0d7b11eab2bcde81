import { expect } from 'vitest'
import { allowForbidden, allowUnsupported, type Scenario } from '../scenario.ts'

export const persons: Scenario = async ({ posthog: { persons } }) => {
  const { items } = await persons.list({ limit: 3 })
  const [first, second] = items
  const id = first?.uuid ?? ''
  const distinctId = first?.distinct_ids[0] ?? ''
  await persons.get(id)
  await persons.getByDistinctId(distinctId)
  await persons.search('@')
  await persons.identify(distinctId, { set: { plan: 'pro' }, setOnce: { source: 'ads' } })
  await persons.update(id, { properties: { plan: 'pro' } })
  await persons.updateProperty(id, { key: 'plan', value: 'team' })
  await persons.deleteProperty(id, 'plan')
  await persons.activity(id)
  await persons.propertiesTimeline(id)
  await persons.values({ key: 'email' })
  await persons.split(id, { mainDistinctId: distinctId })
  const erased = second?.distinct_ids[0] ?? 'erased'
  await persons.erase({ distinctIds: [erased], dryRun: true })
  await persons.erase({ distinctIds: [erased, 'nobody'] })
  await persons.deletions()
}

export const cohorts: Scenario = async ({ posthog: { cohorts, persons }, fresh }) => {
  const { items } = await persons.list({ limit: 2 })
  const [first, second] = items
  const { id } = await cohorts.create({ name: fresh('Paying'), is_static: true })
  await cohorts.get(id)
  await cohorts.list()
  await cohorts.update(id, { description: 'Any plan' })
  await cohorts.addPersons(id, { distinctIds: [first?.distinct_ids[0] ?? '', 'nobody'] })
  const { cohort } = await cohorts.createStatic({ name: fresh('CRM'), personIds: [second?.uuid ?? ''] })
  await cohorts.persons(cohort.id)
  await cohorts.removePerson(id, first?.uuid ?? '')
  await cohorts.calculationHistory(id)
  await cohorts.usedIn(id)
  await cohorts.activity(id)
  await cohorts.delete(id)
  await cohorts.restore(id)
  await cohorts.deleteMany([id, cohort.id])
}

export const groups: Scenario = async ({ posthog: { groups }, fresh }) => {
  const group = { group_type_index: 0, group_key: fresh('acme') }
  await groups.create({ ...group, group_properties: null })
  await groups.list({ group_type_index: 0 })
  await groups.updateProperty(group, { key: 'plan', value: 'pro' })
  await groups.find(group)
  await groups.deleteProperty(group, 'plan')
  await groups.related({ group_type_index: 0, id: group.group_key })
  await groups.propertyDefinitions()
  await groups.propertyValues({ group_type_index: 0, key: 'plan' })
  await groups.activity({ group_type_index: 0, id: group.group_key })
  await groups.types()
}

export const events: Scenario = async ({ posthog: { events }, fresh }) => {
  await events.values({ key: '$browser', event_name: ['$pageview'] })
  const event = fresh('signed up')
  const { uuids } = await events.capture({ event, distinctId: 'user-1', properties: { plan: 'pro' } })
  const { sent } = await events.captureBatch([1, 2].map((n) => ({ event, distinctId: `user-${n}` })))
  expect(sent).toBe(2)
  await events.get(uuids[0] ?? '')
}

export const eventDefinitions: Scenario = async ({ posthog: { eventDefinitions }, fresh }) => {
  const { id, name } = await eventDefinitions.create({ name: fresh('paid') })
  await eventDefinitions.get(id)
  await eventDefinitions.list()
  await eventDefinitions.getByName(name)
  await eventDefinitions.metrics(id)
  await allowUnsupported(eventDefinitions.golang())
  await allowUnsupported(eventDefinitions.python())
  await allowUnsupported(eventDefinitions.typescript())
  await eventDefinitions.update(id, { description: 'Money' })
  await allowForbidden(eventDefinitions.updateTags({ action: 'add', ids: [1], tags: ['core'] }))
  await eventDefinitions.deleteMany([id], { dryRun: true })
  await eventDefinitions.delete(id)
  expect((await eventDefinitions.deleteMany([id])).failed).toEqual([])
}

export const propertyDefinitions: Scenario = async ({ posthog: { propertyDefinitions } }) => {
  const { items } = await propertyDefinitions.list({ limit: 5 })
  const { id = '', name = '' } = items[0] ?? {}
  await propertyDefinitions.get(id)
  await propertyDefinitions.update(id, { description: 'Text' })
  await propertyDefinitions.seenTogether({ event_names: ['$pageview', 'nothing'], property_name: name })
  await allowForbidden(propertyDefinitions.updateTags({ action: 'add', ids: [1], tags: ['core'] }))
  await propertyDefinitions.deleteMany([id], { dryRun: true })
  await propertyDefinitions.delete(id)
  expect((await propertyDefinitions.deleteMany([id])).failed).toEqual([])
}

export const sessionRecordings: Scenario = async ({ posthog: { sessionRecordings } }) => {
  const { items } = await sessionRecordings.list({ limit: 2 })
  const id = items[0]?.id ?? ''
  await sessionRecordings.get(id)
  await sessionRecordings.update(id, { viewed: true } as never)
  await sessionRecordings.sharing(id)
  await sessionRecordings.updateSharing(id, { enabled: true })
  await sessionRecordings.refreshSharing(id)
  const { share_passwords } = await sessionRecordings.addSharingPassword(id, { password_required: true })
  await sessionRecordings.deleteSharingPassword(id, String(share_passwords[0]?.id ?? 1))
  await sessionRecordings.deleteMany([id], { dryRun: true })
  await sessionRecordings.delete(id)
  expect((await sessionRecordings.deleteMany([id])).failed).toEqual([])
  await sessionRecordings.bulkDelete({ session_recording_ids: [items[1]?.id ?? ''] })
}
