import { describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../src/client/create-client.ts'
import { fakeServer } from '../fake-server.ts'

/** The client as plain JavaScript sees it. */
type Untyped = Readonly<Record<string, Readonly<Record<string, (...args: readonly unknown[]) => unknown>>>>

const wrong: readonly [call: string, args: readonly unknown[], named: string][] = [
  ['cohorts.get', [undefined], '"id"'],
  ['cohorts.get', [''], '"id"'],
  ['cohorts.get', [null], '"id"'],
  ['cohorts.get', [{}], '"id"'],
  ['cohorts.get', [Number.NaN], '"id"'],
  ['cohorts.get', [7, { timeOut: 5 }], '`timeOut`'],
  ['cohorts.list', ['active'], '`query`'],
  ['cohorts.list', [null], '`query`'],
  ['cohorts.list', [{}, { pageSize: 5 }], '`pageSize`'],
  ['cohorts.create', [], '`body`'],
  ['cohorts.create', ['name'], '`body`'],
  ['cohorts.update', [7], '`body`'],
  ['cohorts.update', [undefined, {}], '"id"'],
  ['cohorts.delete', [], '"id"'],
  ['cohorts.restore', [], '"id"'],
  ['cohorts.deleteMany', ['12'], '`ids`'],
  ['cohorts.deleteMany', [undefined], '`ids`'],
  ['cohorts.deleteMany', [7], '`ids`'],
  ['cohorts.deleteMany', [[7], { dryrun: true }], '`dryrun`'],
  ['cohorts.deleteMany', [[7], { dryRun: 'yes' }], '`dryRun`'],
  ['cohorts.deleteMany', [[7], { signal: 5 }], '`signal`'],
  ['cohorts.createStatic', [], '`cohort`'],
  ['cohorts.createStatic', [{ distinctIds: [] }], '`name`'],
  ['cohorts.createStatic', [{ name: 'x', emails: 'a@b.c' }], '`emails`'],
  ['cohorts.createStatic', [{ name: 'x', email: ['a@b.c'] }], '`email`'],
  ['cohorts.addPersons', [7], '`persons`'],
  ['cohorts.addPersons', [undefined, { distinctIds: [] }], '`id`'],
  ['cohorts.addPersons', [7, { distinctId: ['x'] }], '`distinctId`'],
  ['cohorts.removePerson', [7, undefined], '`personId`'],
  ['annotations.markDeploy', [], '`deploy`'],
  ['annotations.markDeploy', [{}], '`version`'],
  ['annotations.markDeploy', [{ version: '1', at: 'yesterday' }], '`at`'],
  ['annotations.markDeploy', [{ version: '1', link: 'x' }], '`link`'],
  ['batchExports.run', ['a', undefined], '"id"'],
  ['batchExports.runLogs', [undefined, 'b'], '"batch_export_id"'],
  ['dashboards.moveTile', [7], '`move`'],
  ['dashboards.ensure', [], '`name`'],
  ['dashboards.ensure', ['Numbers', { tiles: [] }], '`tiles`'],
  ['dashboards.deleteTile', [7], '`tileId`'],
  ['dashboards.runWidgets', [7, '70'], '`tileIds`'],
  ['experiments.ensure', [undefined, {}], '`key`'],
  ['experiments.ensure', ['flag', {}], '`name`'],
  ['experiments.ensure', ['flag', { name: 'x', key: 'y' }], '`key`'],
  ['experiments.recalculation', [7], '"recalculation_id"'],
  ['dashboards.moveTile', [7, { tileId: 1 }], '`to`'],
  ['dashboards.streamTiles', [undefined], '"id"'],
  ['dashboards.deleteSharingPassword', [7, undefined], '"password_id"'],
  ['persons.erase', [], '`distinctIds`'],
  ['persons.erase', ['user-1'], '`persons.erase`'],
  ['persons.erase', [{ distinctIds: ['a'], dryrun: true }], '`dryrun`'],
  ['persons.erase', [{ distinctIds: ['a'], keepPersons: 'no' }], '`keepPersons`'],
  ['persons.search', [undefined], '`text`'],
  ['persons.getByDistinctId', [undefined], '`distinctId`'],
  ['featureFlags.evaluate', [], '`distinctId`'],
  ['featureFlags.decide', [], '`distinctId`'],
  ['featureFlags.copyRequirements', ['a', 5], '`to`'],
  ['persons.identify', [], '`distinctId`'],
  ['persons.identify', ['a', { anonymousId: '' }], '`anonymousId`'],
  ['alerts.deleteDestinations', ['a', 'b'], '`hogFunctionIds`'],
  ['featureFlags.evaluate', [{ distinctID: 'a' }], '`distinctID`'],
  ['featureFlags.evaluate', [{ distinctId: '' }], '`distinctId`'],
  ['featureFlags.evaluate', [{ distinctId: 'a', keys: 'b' }], '`keys`'],
  ['query.run', [], '`query.run`'],
  ['query.run', [{}], '`query.run`'],
  ['endpoints.get', [undefined], '"name"'],
  ['endpoints.get', ['a', { versions: 1 }], '`versions`'],
  ['endpoints.get', ['a', { version: 'x' }], '`version`'],
  ['endpoints.get', ['a', null], '`selector`'],
  ['endpoints.retire', ['a', 3], '`selector`'],
  ['endpoints.list', [{ limit: 5 }], '`limit`'],
  ['endpoints.list', ['x'], '`endpoints.list`'],
  ['endpoints.logs', ['a', null], '`filters`'],
  ['endpoints.lastExecutionTimes', ['signups'], '`names`'],
  ['endpoints.lastExecutionTimes', [], '`names`'],
  ['endpoints.waitUntilMaterialized', [], '`name`'],
  ['endpoints.waitUntilMaterialized', ['a', { intervall: 5 }], '`intervall`'],
  ['endpoints.waitUntilMaterialized', ['a', null], '`waitUntilMaterialized`'],
  ['eventDefinitions.getByName', [], '`name`'],
  ['events.captureBatch', [], '`events`'],
  ['events.captureBatch', ['x'], '`events`'],
  ['events.capture', [], 'Event 0'],
  ['events.capture', [{ event: 'x', distinctId: 'y', distinct_id: 'z' }], '`distinct_id`'],
  ['events.values', [], '`query`'],
  ['events.stream', [], '`options`'],
  ['events.stream', [{ from: '2026-01-01', to: '2026-01-02', columns: 'uuid' }], '`columns`'],
  ['experiments.results', [], '`id`'],
  ['featureFlags.getByKey', [], '`key`'],
  ['featureFlags.getByKey', [''], '`key`'],
  ['featureFlags.ensure', [], '`key`'],
  ['featureFlags.ensure', ['a', 5], '`definition`'],
  ['featureFlags.enable', [], '`flag`'],
  ['featureFlags.disable', [''], '`flag`'],
  ['featureFlags.setRollout', ['a', '25'], '`percentage`'],
  ['featureFlags.setRollout', ['a', 25, { groups: 1 }], '`groups`'],
  ['featureFlags.setRollout', [undefined, 25], '`flag`'],
  ['featureFlags.edit', ['a'], '`edit`'],
  ['featureFlags.edit', ['a', () => {}, { dryrun: true }], '`dryrun`'],
  ['featureFlags.edit', ['a', () => {}, { attempts: 0 }], '`attempts`'],
  ['featureFlags.edit', ['a', () => {}, 5], '`edit`'],
  ['featureFlags.copy', [undefined, { to: [1] }], '`key`'],
  ['featureFlags.copy', ['a', {}], '`to`'],
  ['featureFlags.copy', ['a', { to: '456' }], '`to`'],
  ['featureFlags.copy', ['a', { to: [undefined] }], '`to`'],
  ['featureFlags.compare', [], '`project`'],
  ['featureFlags.version', [7, undefined], '"version_number"'],
  ['featureFlags.evaluationReasons', [], '`query`'],
  ['featureFlags.remoteConfig', [], '"id"'],
  ['groups.find', [], '`query`'],
  ['groups.updateProperty', [], '`group`'],
  ['groups.updateProperty', [{ group_type_index: 0, group_key: 'a' }], '`property`'],
  ['groups.updateProperty', [{ group_type_index: 0, group_key: 'a' }, { key: 'plan' }], '`value`'],
  ['groups.deleteProperty', [{ group_type_index: 0, group_key: 'a' }], '`name`'],
  ['insights.result', [], '"id"'],
  ['insights.run', [7, { timeOut: 5 }], '`timeOut`'],
  ['insights.run', [7, null], '`insights.run`'],
  ['propertyDefinitions.seenTogether', [], '`query`'],
  ['surveys.archiveResponse', ['a'], '"response_uuid"'],
  ['users.updateMe', [5], '`body`'],
]

describe('a resource method', () => {
  it.each(wrong)('rejects %s%j, naming the argument', async (path, args, named) => {
    const server = fakeServer(() => Response.json({ results: [] }))
    const error = await call(server.client(), path, args)
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(named) })
    expect(server.requests).toEqual([])
  })
})

/** Calls a method, reads its result, and returns the error. */
async function call(client: TypehogClient, path: string, args: readonly unknown[]): Promise<unknown> {
  const [resource = '', method = ''] = path.split('.')
  try {
    const response = (client as unknown as Untyped)[resource]?.[method]?.(...args)
    if (Symbol.asyncIterator in Object(response))
      for await (const _ of response as AsyncIterable<unknown>) break
    return await response
  } catch (error) {
    return error
  }
}
