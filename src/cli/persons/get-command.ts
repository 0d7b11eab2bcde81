import { toJson } from '../../runtime/rows/write-rows.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { type Line, style } from '../output/style.ts'
import { findPerson } from './find-person.ts'

/** Maximum number of distinct ids to print without `--json`. A person can have thousands. */
const maxListedIds = 20

/** `typehog persons get`: prints a person. `--json` prints the person as PostHog returns it. */
export async function getPerson(context: Context, id: string): Promise<ExitCode> {
  if (id.trim() === '') {
    throw new UsageError('Expected a distinct id, email address or UUID, got none.', 'Pass one.')
  }
  const connection = await connectWithPersonalKey(context, 'person:read')
  const person = await findPerson(connection, id, context.io.signal)
  if (context.options.json === true) {
    context.printJson(person)
    return exitCodes.ok
  }
  const { name, uuid, created_at: createdAt, last_seen_at: lastSeenAt, properties } = person
  const ids = person.distinct_ids
  const hidden = ids.length - maxListedIds
  const names = Object.keys(Object(properties)).sort()
  const width = Math.max(...names.map((property) => property.length))
  context.print(
    field('name', name),
    field('uuid', uuid),
    field('created', createdAt),
    ...(lastSeenAt == null ? [] : [field('last seen', lastSeenAt)]),
    ...ids.slice(0, maxListedIds).map((text, index) => field(index === 0 ? 'distinct ids' : '', text)),
    ...(hidden > 0 ? [field('', `and ${hidden} more; --json prints all`)] : []),
    names.length === 0 ? 'No properties.' : style.bold('properties'),
    ...names.map((property) => `  ${property.padEnd(width)}  ${valueText(Object(properties)[property])}`),
  )
  return exitCodes.ok
}

function field(label: string, value: string): Line {
  return [style.bold(label.padEnd(14)), value]
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : toJson(value, 0)
}
