import { randomUUID } from 'node:crypto'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { type Fields, integer, text } from '../../store/fields.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'
import { readFields } from '../../store/read-fields.ts'
import { findRecord } from '../../store/records.ts'
import { actionRoute, recordResponse } from '../../store/resource-routes.ts'
import { checkProject } from '../organizations/projects.ts'
import { experimentFlag } from './experiment-flag.ts'
import { experiments, metricsOf } from './experiments.ts'

const DUPLICATE: Fields = { name: text(), feature_flag_key: text() }
const COPY: Fields = { target_team_id: integer({ required: true }), ...DUPLICATE }
const ONE = `${experiments.path}/:id`

/** Copies of experiments, as drafts. */
export const copyRoutes: readonly Route[] = [
  actionRoute('POST', `${ONE}/duplicate`, 'experiment:write', (call) => {
    const given = readFields(DUPLICATE, call.body, 'change')
    return copied(call, findRecord(experiments, call), given, call.world.projectId)
  }),
  actionRoute('POST', `${ONE}/copy_to_project`, 'experiment:write', (call) => {
    const experiment = findRecord(experiments, call)
    const given = readFields(COPY, call.body)
    return copied(
      call,
      experiment,
      given,
      checkProject(call.world, given['target_team_id'], 'target_team_id'),
    )
  }),
]

async function copied(
  call: Call,
  { id, ...experiment }: StoredRecord,
  given: JsonRecord,
  project: number,
): Promise<Response> {
  const { world } = call
  const key = String(given['feature_flag_key'] ?? experiment['feature_flag_key'])
  const flag = await experimentFlag(call, key, experiment['parameters'], String(experiment['name']))
  const now = world.now().toISOString()
  const copy = collectionOf(world, EXPERIMENTS, project).add({
    ...experiment,
    name: given['name'] ?? freeName(call, `${String(experiment['name'])} (Copy)`),
    feature_flag_key: key,
    flag: flag.id,
    start_date: null,
    end_date: null,
    archived: false,
    conclusion: null,
    conclusion_comment: null,
    exposure_cohort: null,
    metrics: freshIds({ metrics: experiment['metrics'] }),
    metrics_secondary: freshIds({ metrics: experiment['metrics_secondary'] }),
    created_at: now,
    updated_at: now,
  })
  await world.persist()
  return recordResponse(experiments, call, copy)
}

function freshIds(one: JsonRecord): JsonRecord[] {
  return metricsOf(one).map((metric) => ({ ...metric, uuid: randomUUID() }))
}

function freeName({ world }: Call, name: string): string {
  const taken = new Set(
    collectionOf(world, EXPERIMENTS)
      .all()
      .map((one) => one['name']),
  )
  let free = name
  for (let number = 2; taken.has(free); number += 1) free = `${name} ${number}`
  return free
}
