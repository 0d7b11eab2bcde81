import { envelope } from '../../http/api-error.ts'
import { writeJson } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type StoredRecord } from '../../store/collection.ts'
import { DELETED, integer, json, text } from '../../store/fields.ts'
import { NOTEBOOKS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { listActivityRoute, recordActivityRoute, resourceRoutes } from '../../store/resource-routes.ts'

const notebooks: Resource = {
  kind: NOTEBOOKS,
  path: 'projects/:project/notebooks',
  object: 'notebook',
  idName: 'short_id',
  fields: {
    title: text({ nullable: true, blank: true, maxLength: 256 }),
    content: json({ default: null }),
    text_content: text({ nullable: true, blank: true }),
    deleted: DELETED,
    version: integer({ writeOnly: true }),
  },
  systemFields: [
    'short_id',
    'created_at',
    'created_by',
    'last_modified_at',
    'last_modified_by',
    'user_access_level',
  ],
  deletion: 'refused',
  activity: 'Notebook',
  search: ['title', 'text_content'],
  omitFromList: ['content', 'text_content', 'version'],
  find: ({ state }, id) =>
    collectionOf(state, notebooks.kind)
      .all()
      .find((notebook) => notebook['short_id'] === id),
  filter: filterNotebooks,
  prepareCreate: () => ({ version: 0 }),
  // Rejects an update that would overwrite the content of a newer version.
  prepareUpdate: (_, before, { version, content }) => {
    const current = Number(before['version'])
    if (content === undefined) return { version: current }
    if (version !== undefined && version !== current) {
      throw envelope(409, 'server_error', 'conflict', 'Someone else edited the Notebook')
    }
    return { version: current + 1 }
  },
  view: (_, notebook) => ({ version: notebook['version'] }),
}

/** Notebooks, by short id. */
export const notebookRoutes: readonly Route[] = [
  listActivityRoute(notebooks),
  ...resourceRoutes(notebooks),
  recordActivityRoute(notebooks),
]

function filterNotebooks({ url }: Call, records: readonly StoredRecord[]): readonly StoredRecord[] {
  const parameter = (name: string): string | null => url.searchParams.get(name)
  const author = parameter('created_by')
  const contains = parameter('contains')
  const from = parameter('date_from')
  const to = parameter('date_to')
  const changedAt = (notebook: StoredRecord): number => Date.parse(String(notebook['updated_at']))
  return records
    .filter(() => author === null || author === USER.uuid)
    .filter((notebook) => contains === null || mentions(notebook, contains))
    .filter((notebook) => from === null || !(changedAt(notebook) < Date.parse(from)))
    .filter((notebook) => to === null || !(changedAt(notebook) > Date.parse(to)))
}

/** Whether a notebook has the nodes in `contains`, such as `recording:abc`. */
function mentions(notebook: StoredRecord, contains: string): boolean {
  const content = writeJson(notebook['content'] ?? null)
  return contains.split(',').every((part) => {
    const [kind = '', value = ''] = part.split(':')
    return content.includes(`ph-${kind}`) && content.includes(value)
  })
}
