import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

const organizationId = '018d2a6e-0000-7000-8000-000000000002'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 600 }, { organizationId }))
})
afterAll(() => local.close())

/** A person of the sample data who is identified by one ID. */
async function samplePerson(index: number): Promise<{ uuid: string; distinctId: string }> {
  const { items } = await posthog.persons.list({ limit: 10 })
  const person = items[index]
  const [distinctId] = person?.distinct_ids ?? []
  if (person?.uuid === undefined || distinctId === undefined)
    throw new Error('The sample has no such person.')
  return { uuid: person.uuid, distinctId }
}

describe('persons', () => {
  it('are found by a distinct ID', async () => {
    const { uuid, distinctId } = await samplePerson(0)
    expect((await posthog.persons.getByDistinctId(distinctId)).uuid).toBe(uuid)
  })

  it('are only counted by a dry run of erase', async () => {
    const { uuid, distinctId } = await samplePerson(1)
    const { found } = await posthog.persons.erase({ distinctIds: [distinctId], dryRun: true })
    expect(found).toBe(1)
    expect((await posthog.persons.get(uuid)).uuid).toBe(uuid)
  })

  it('are erased, and unknown IDs are counted as requested', async () => {
    const { distinctId } = await samplePerson(2)
    const receipt = await posthog.persons.erase({ distinctIds: [distinctId, 'nobody'] })
    expect(receipt).toMatchObject({ requested: 2, found: 1, deleted: 1, failed: [] })
  })
})

describe('cohorts', () => {
  it('report the added persons and the unknown IDs', async () => {
    const { distinctId } = await samplePerson(0)
    const { id } = await posthog.cohorts.create({ name: 'Paying', is_static: true })
    const report = await posthog.cohorts.addPersons(id, { distinctIds: [distinctId, 'nobody'] })
    expect(report).toEqual({ added: 1, missing: { distinctIds: ['nobody'], emails: [] } })
  })

  it('contain the persons that they were created with', async () => {
    const { uuid } = await samplePerson(1)
    const { cohort } = await posthog.cohorts.createStatic({ name: 'CRM', personIds: [uuid] })
    const { items } = await posthog.cohorts.persons(cohort.id)
    expect(items.map((person) => person.uuid)).toEqual([uuid])
  })
})

describe('groups', () => {
  it('have an updated property', async () => {
    const group = { group_type_index: 0, group_key: 'acme' }
    await posthog.groups.create({ ...group, group_properties: null })
    await posthog.groups.updateProperty(group, { key: 'plan', value: 'pro' })
    expect((await posthog.groups.find(group)).group_properties).toEqual({ plan: 'pro' })
  })
})

describe('events', () => {
  it('are queryable after a capture and a batch', async () => {
    await posthog.events.capture({ event: 'signed up', distinctId: 'user-1' })
    await posthog.events.captureBatch([1, 2].map((n) => ({ event: 'signed up', distinctId: `user-${n}` })))
    const { rows } = await posthog.hogql<{
      count: number
    }>`select count() as count from events where event = 'signed up'`
    expect(rows).toEqual([{ count: 3 }])
  })
})

describe('property definitions', () => {
  it('are not seen together with an event that does not exist', async () => {
    const { items } = await posthog.propertyDefinitions.list({ limit: 1 })
    const property_name = items[0]?.name ?? ''
    const event_names = ['$pageview', 'nothing']
    const seen = await posthog.propertyDefinitions.seenTogether({ event_names, property_name })
    expect(seen).toMatchObject({ nothing: false })
  })
})

describe('session recordings', () => {
  it('are shared after an update', async () => {
    const { items } = await posthog.sessionRecordings.list({ limit: 1 })
    const { enabled } = await posthog.sessionRecordings.updateSharing(items[0]?.id ?? '', { enabled: true })
    expect(enabled).toBe(true)
  })
})

describe('the account', () => {
  it('gets a new project token after a reset', async () => {
    const { id, api_token } = await posthog.projects.create({ name: 'Staging' })
    const renewed = await posthog.projects.resetToken(id)
    expect(renewed.api_token).toMatch(/^phc_/)
    expect(renewed.api_token).not.toBe(api_token)
  })

  it('rejects the removal of an unknown member', async () => {
    const removal = posthog.members.delete('018d2a6e-0000-7000-8000-0000000000dd')
    await expect(removal).rejects.toMatchObject({ name: 'NotFoundError', status: 404 })
  })

  it('lists the members of a role', async () => {
    const { id } = await posthog.roles.create({ name: 'Analysts' })
    const { uuid } = await posthog.users.me()
    await posthog.roles.addMember(id, { user_uuid: uuid })
    expect((await posthog.roles.members(id)).items).toHaveLength(1)
  })

  it('has the updated name of the user', async () => {
    expect((await posthog.users.updateMe({ first_name: 'Ada' })).first_name).toBe('Ada')
  })
})
