import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { changeTags, readTagChange } from '../../http/tag-change.ts'

/** A definition, as far as tags are concerned. */
interface Tagged {
  readonly id: string
  tags: readonly string[]
}

/** POST tags of several definitions. Their ids are uuids. */
export async function tagDefinitions(
  { world, body }: Call,
  read: () => Promise<readonly Tagged[]>,
): Promise<Response> {
  const change = readTagChange(body)
  const definitions = await read()
  const updated: object[] = []
  const skipped: object[] = []
  for (const id of change.ids) {
    const definition = definitions.find((candidate) => candidate.id === id)
    if (definition === undefined) {
      skipped.push({ id, reason: 'Not found' })
      continue
    }
    definition.tags = changeTags(definition.tags, change)
    updated.push({ id, tags: definition.tags })
  }
  await world.persist()
  return jsonResponse(200, { updated, skipped })
}
