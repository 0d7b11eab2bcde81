import { describe, expect, it } from 'vitest'
import { type FakeServer, fakeServer, json } from '../../fake-server.ts'
import { failure } from '../../runtime/harness.ts'

const stored = { id: 3, key: 'checkout', name: 'Before', active: true, deleted: false, tags: [] }
const redacted = '********* (encrypted)'

/** A server with one flag, which `change` computes from the stored flag and the body of a PATCH. */
function serverOf(flag: object, change: (body: object) => object = (body) => body): FakeServer {
  let current: object = { ...stored, filters: { groups: [] }, ...flag }
  return fakeServer(({ method, body }) => {
    if (method === 'PATCH') current = { ...current, ...change(body) }
    return json(current)
  })
}

describe('revert of a flag', () => {
  it('compares the fields on a server without flag versions', async () => {
    const server = serverOf({})
    const { featureFlags } = server.client()
    const edited = await featureFlags.edit(3, (flag) => {
      flag.name = 'After'
    })
    expect(await edited.revert()).toMatchObject({ action: 'restored', object: { name: 'Before' } })
    expect(server.requests.at(-1)?.body).toEqual({ name: 'Before' })
    const again = await featureFlags.edit(3, (flag) => {
      flag.name = 'After'
    })
    await featureFlags.update(3, { name: 'Theirs' })
    const error = await failure(again.revert())
    expect(error).toMatchObject({ name: 'ConflictError', attempts: [] })
    expect(error.message).toMatch(
      /^The flag "checkout" changed after the call that `revert` undoes\. Changed fields: name\.$/,
    )
  })

  it('names the fields that PostHog did not restore', async () => {
    let writes = 0
    const server = serverOf({}, (body) => (++writes === 1 ? body : {}))
    const edited = await server.client().featureFlags.edit(3, (flag) => {
      flag.name = 'After'
    })
    expect(await edited.revert()).toMatchObject({ action: 'restored', unrestored: ['name'] })
  })

  it('rejects if the earlier payloads are encrypted, and keeps them if only conditions changed', async () => {
    const hidden = { payloads: { true: redacted } }
    const server = serverOf({ has_encrypted_payloads: true, filters: { groups: [], ...hidden } }, (body) => ({
      ...body,
      filters: { ...Object(body).filters, ...hidden },
    }))
    const { featureFlags } = server.client()
    const payload = await featureFlags.edit(3, ({ filters }) => {
      filters.payloads = { true: '"new"' }
    })
    const sent = server.requests.length
    expect(await failure(payload.revert())).toMatchObject({ name: 'ConfigurationError' })
    expect(server.requests).toHaveLength(sent)
    const conditions = await featureFlags.edit(3, ({ filters }) => {
      filters.groups = [{ properties: [], rollout_percentage: 5 }]
    })
    expect(await conditions.revert()).toMatchObject({
      action: 'restored',
      object: { filters: { groups: [] } },
    })
  })
})
