import { checkBoolean, type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { type CallOptions, callOptionNames, type Requester } from '../requester.ts'
import {
  type ComparedObject,
  type ProjectPlan,
  type ProjectSelection,
  planProjects,
  toCompared,
} from './compare-projects.ts'
import { kinds, type PlannedObject, translator } from './plan.ts'
import { translateReferences } from './references.ts'

/** Options of `copyProject`. The others apply to each request. */
export interface CopyOptions extends CallOptions {
  /** Plans the copy and writes nothing. Default: `false`. */
  readonly dryRun?: boolean | undefined
  /** Updates objects of the target that differ, and removes tiles that it has in addition. Default: `false`. */
  readonly overwrite?: boolean | undefined
}

/** An object, and what a copy did with it. */
export interface CopiedObject extends ComparedObject {
  /**
   * In a dry run: what a copy would do. `skipped`: the object is the same, or differs without `overwrite`. `failed`: see
   * `error`.
   */
  readonly outcome: 'created' | 'updated' | 'skipped' | 'failed'
  /** Why the object was not copied, if `outcome` is `failed`. */
  readonly error: unknown
}

const optionNames: OptionNames<CopyOptions> = { ...callOptionNames, dryRun: true, overwrite: true }

/** Copies objects of a project to another one, in the order of the plan. */
export async function copySides(
  source: Requester,
  target: Requester,
  selection: ProjectSelection,
  copyOptions: CopyOptions = {},
): Promise<CopiedObject[]> {
  rejectUnknownOptions('copyProject', copyOptions, optionNames)
  const { dryRun = false, overwrite = false, ...options } = copyOptions
  checkBoolean('dryRun', dryRun)
  checkBoolean('overwrite', overwrite)
  const plan = await planProjects(source, target, selection, options)
  const copied: CopiedObject[] = []
  for (const object of plan.objects) {
    const outcome = outcomeOf(object, overwrite)
    const done = { ...toCompared(object), outcome, error: object.refusal }
    if (dryRun || outcome === 'skipped' || outcome === 'failed') {
      copied.push(done)
      continue
    }
    options.signal?.throwIfAborted()
    try {
      await write(plan, object)
      copied.push(done)
    } catch (error) {
      options.signal?.throwIfAborted()
      copied.push({ ...done, outcome: 'failed', error })
    }
  }
  return copied
}

/** What a copy does with an object. */
function outcomeOf(object: PlannedObject, overwrite: boolean): CopiedObject['outcome'] {
  const { status } = object
  if (status === 'refused') return 'failed'
  if (status === 'missing') return 'created'
  if (status === 'same') return 'skipped'
  return overwrite || onlyAddsTiles(object) ? 'updated' : 'skipped'
}

/** Whether an update only adds tiles to a dashboard, as after a copy that was interrupted. */
function onlyAddsTiles({ type, changes }: PlannedObject): boolean {
  return (
    type === 'dashboard' && changes.every(({ path, from }) => path.startsWith('tiles.') && from === undefined)
  )
}

async function write(
  { from, to }: ProjectPlan,
  { type, key, source, target, changes }: PlannedObject,
): Promise<void> {
  const kind = kinds[type]
  // Objects that the plan created have ids now.
  const translate = translator(from, to, async () => undefined)
  const fields = await kind.fields(source, (value) => translateReferences(value, translate))
  if (target === undefined) {
    to.catalogs[type].add(await kind.create(to, key, fields))
    return
  }
  const changed = Object.keys(fields).filter((field) =>
    changes.some(({ path }) => path.split(/[.[]/, 1)[0] === field),
  )
  await kind.update(to, target, fields, changed)
}
