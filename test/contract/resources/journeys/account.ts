import { expect } from 'vitest'
import type { Journey } from '../journey.ts'

export const organizations: Journey = async ({ posthog: { organizations }, fresh }) => {
  const { id } = await organizations.create({ name: fresh('Acme') })
  await organizations.get(id)
  await organizations.list()
  await organizations.update(id, { members_can_invite: false })
  await organizations.deleteMany([id], { dryRun: true })
  await organizations.delete(id)
  expect((await organizations.deleteMany([id])).failed).toEqual([])
}

export const projects: Journey = async ({ posthog: { projects }, keeps, fresh }) => {
  const { id, api_token } = await projects.create({ name: fresh('Staging') })
  await projects.get(id)
  await projects.list()
  await projects.update(id, { timezone: 'Europe/Berlin' })
  await projects.activity(id)
  const renewed = await projects.resetToken(id)
  if (keeps) expect(renewed.api_token).not.toBe(api_token)
  await projects.rotateSecretToken(id)
  await projects.deleteSecretTokenBackup(id)
  await projects.deleteMany([id], { dryRun: true })
  await projects.delete(id)
  expect((await projects.deleteMany([id])).failed).toEqual([])
}

export const members: Journey = async ({ posthog: { members, invites, users }, keeps, fresh }) => {
  await invites.create({ target_email: `${fresh('ada')}@example.com` })
  const { items } = await members.list()
  const me = await users.me()
  const uuid = items.find(({ user }) => user.uuid !== me.uuid)?.user.uuid ?? me.uuid
  await members.update(uuid, { level: 8 })
  if (keeps) await expect(members.delete('018d2a6e-0000-7000-8000-0000000000dd')).rejects.toThrow(/404/)
  else await members.delete(uuid)
}

export const invites: Journey = async ({ posthog: { invites }, fresh }) => {
  const { id } = await invites.create({ target_email: `${fresh('grace')}@example.com` })
  await invites.createMany([{ target_email: `${fresh('alan')}@example.com` }])
  await invites.list()
  await invites.delete(id)
}

export const roles: Journey = async ({ posthog: { roles, users }, keeps, fresh }) => {
  const { id } = await roles.create({ name: fresh('Analysts') })
  await roles.get(id)
  await roles.list()
  await roles.update(id, { name: fresh('Engineers') })
  const { uuid } = await users.me()
  const membership = await roles.addMember(id, { user_uuid: uuid })
  const { items } = await roles.members(id)
  if (keeps) expect(items).toHaveLength(1)
  await roles.removeMember(id, membership.id)
  await roles.deleteMany([id], { dryRun: true })
  await roles.delete(id)
  expect((await roles.deleteMany([id])).failed).toEqual([])
}

export const users: Journey = async ({ posthog: { users }, keeps }) => {
  const { first_name } = await users.updateMe({ first_name: 'Ada' })
  if (keeps) expect(first_name).toBe('Ada')
  await users.me()
}

export const apiKeys: Journey = async ({ posthog: { apiKeys } }) => {
  await apiKeys.current()
  await apiKeys.listSecret()
}
