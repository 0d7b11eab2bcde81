import { expect } from 'vitest'
import { allowForbidden, allowNotFound, type Scenario } from '../scenario.ts'

export const organizations: Scenario = async ({ posthog: { organizations }, fresh }) => {
  const { id } = await organizations.create({ name: fresh('Acme') })
  await organizations.get(id)
  await organizations.list()
  await organizations.update(id, { members_can_invite: false })
  await organizations.deleteMany([id], { dryRun: true })
  await organizations.delete(id)
  expect((await organizations.deleteMany([id])).failed).toEqual([])
}

export const projects: Scenario = async ({ posthog: { projects }, fresh }) => {
  const { id } = await projects.create({ name: fresh('Staging') })
  await projects.get(id)
  await projects.list()
  await projects.update(id, { timezone: 'Europe/Berlin' })
  await projects.activity(id)
  await projects.resetToken(id)
  await projects.rotateSecretToken(id)
  await projects.deleteSecretTokenBackup(id)
  await projects.addProductIntent(id, { product_type: 'session_replay' })
  await projects.completeOnboarding(id, { product_type: 'product_analytics' })
  await allowForbidden(projects.changeOrganization(id, { organization_id: 'other' }))
  await allowForbidden(projects.isGeneratingDemoData(id))
  await allowForbidden(projects.generateConversationsToken(id))
  await projects.deleteMany([id], { dryRun: true })
  await projects.delete(id)
  expect((await projects.deleteMany([id])).failed).toEqual([])
}

export const members: Scenario = async ({ posthog: { members, invites, users }, fresh }) => {
  await invites.create({ target_email: `${fresh('ada')}@example.com` })
  const { items } = await members.list()
  const me = await users.me()
  const uuid = items.find(({ user }) => user.uuid !== me.uuid)?.user.uuid ?? me.uuid
  await members.update(uuid, { level: 8 })
  // The local PostHog has no other member to remove.
  await allowNotFound(members.delete('018d2a6e-0000-7000-8000-0000000000dd'))
}

export const invites: Scenario = async ({ posthog: { invites }, fresh }) => {
  const { id } = await invites.create({ target_email: `${fresh('grace')}@example.com` })
  await invites.createMany([{ target_email: `${fresh('alan')}@example.com` }])
  await invites.list()
  await invites.delete(id)
}

export const roles: Scenario = async ({ posthog: { roles, users }, fresh }) => {
  const { id } = await roles.create({ name: fresh('Analysts') })
  await roles.get(id)
  await roles.list()
  await roles.update(id, { name: fresh('Engineers') })
  const { uuid } = await users.me()
  const membership = await roles.addMember(id, { user_uuid: uuid })
  await roles.members(id)
  await roles.removeMember(id, membership.id)
  await roles.deleteMany([id], { dryRun: true })
  await roles.delete(id)
  expect((await roles.deleteMany([id])).failed).toEqual([])
}

export const users: Scenario = async ({ posthog: { users } }) => {
  await users.updateMe({ first_name: 'Ada' })
  await users.me()
  await users.list()
  await allowForbidden(users.twoFactorStatus())
  await allowForbidden(users.startTwoFactor())
  await allowForbidden(users.validateTwoFactor({ token: '123456' }))
  await allowForbidden(users.twoFactorBackupCodes())
  await allowForbidden(users.disableTwoFactor())
}

export const apiKeys: Scenario = async ({ posthog: { apiKeys } }) => {
  await apiKeys.current()
  await apiKeys.listSecret()
}
