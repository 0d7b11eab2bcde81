import { ApiError } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { changeTags, readTagChange } from '../../http/tag-change.ts'
import { findFlag, idsIn } from './flag-handlers.ts'
import { updateFlag } from './save-flag.ts'

/** POST ids of flags to delete. */
export async function bulkDeleteFlags(call: Call): Promise<Response> {
  const deleted: object[] = []
  const errors: object[] = []
  for (const id of idsIn(call.body)) {
    const flag = findFlag(call, id)
    if (flag === undefined || flag.settings.deleted) {
      errors.push({ id, reason: 'Flag not found' })
      continue
    }
    try {
      await updateFlag(call.world, flag, { deleted: true })
      deleted.push({ id, key: flag.settings.key })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      errors.push({ id, key: flag.settings.key, reason: String(error.body['detail']) })
    }
  }
  return jsonResponse(200, { deleted, errors })
}

/** POST ids of flags; answers their keys. */
export function bulkFlagKeys(call: Call): Response {
  const found = idsIn(call.body).map((id) => [String(id), findFlag(call, id)?.settings.key] as const)
  return jsonResponse(200, { keys: Object.fromEntries(found.filter(([, key]) => key !== undefined)) })
}

/** POST tags to add to flags, to take off them, or to set. */
export async function bulkFlagTags(call: Call): Promise<Response> {
  const change = readTagChange(call.body)
  const updated: object[] = []
  const skipped: object[] = []
  for (const id of change.ids) {
    const flag = findFlag(call, Number(id))
    if (flag === undefined || flag.settings.deleted) {
      skipped.push({ id, reason: 'Not found' })
      continue
    }
    const tags = changeTags(flag.settings.tags, change)
    await updateFlag(call.world, flag, { tags })
    updated.push({ id, tags })
  }
  return jsonResponse(200, { updated, skipped })
}
