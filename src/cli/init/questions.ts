import type { WhoamiProject } from '../../resources/whoami.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { splitNames } from '../options.ts'
import { style } from '../output/style.ts'
import type { Proposal } from './proposals.ts'

/** Asks a question and returns the answer; undefined at the end of the input. */
export type Ask = (question: string) => Promise<string | undefined>

/** Maximum number of projects in a list. */
const maxListed = 20

/** Asks for a project of the key. An answer is a number of the list or the ID of a project. */
export async function askProject(
  context: Context,
  ask: Ask,
  projects: readonly WhoamiProject[],
): Promise<string> {
  context.warn(style.bold('Projects of the key'))
  for (const [index, project] of projects.slice(0, maxListed).entries()) {
    context.warn(`  ${index + 1}  ${formatProject(project)}`)
  }
  const hidden = projects.length - maxListed
  if (hidden > 0) context.warn(`     and ${hidden} more; answer with the ID of one`)
  return askUntilValid(context, ask, 'Project [1]: ', (answer) => {
    const text = answer === '' ? '1' : answer
    const listed = projects.slice(0, maxListed)[Number(text) - 1]
    const project = projects.find(({ id }) => String(id) === text) ?? listed
    return project === undefined ? undefined : String(project.id)
  })
}

/** Asks which areas to configure. An answer is a list of numbers, such as `1,3`; `0` is none. */
export async function askAreas(
  context: Context,
  ask: Ask,
  proposals: readonly Proposal[],
): Promise<readonly Proposal[]> {
  context.warn(style.bold('Areas to pull'))
  for (const [index, { area, detail }] of proposals.entries()) {
    context.warn(`  ${index + 1}  ${area}: ${detail}`)
  }
  const preset = proposals.flatMap(({ selected }, index) => (selected ? [index + 1] : [])).join(',') || '0'
  return askUntilValid(context, ask, `Areas, such as 1,2; 0 for none [${preset}]: `, (answer) => {
    const numbers = splitNames(answer === '' ? preset : answer).map(Number)
    if (numbers.length === 1 && numbers[0] === 0) return []
    const isValid = numbers.every((number) => proposals[number - 1] !== undefined)
    return isValid ? proposals.filter((_, index) => numbers.includes(index + 1)) : undefined
  })
}

/** A project as shown to the user, such as `2 (Staging)`. */
export function formatProject({ id, name }: WhoamiProject): string {
  return name === undefined ? `${id}` : `${id} (${name})`
}

/** Repeats a question until `read` returns a value. */
async function askUntilValid<Value>(
  context: Context,
  ask: Ask,
  question: string,
  read: (answer: string) => Value | undefined,
): Promise<Value> {
  for (;;) {
    const answer = await ask(question)
    context.io.signal.throwIfAborted()
    if (answer === undefined) {
      throw new UsageError('The input ended before an answer.', 'Pass --yes to ask no questions.')
    }
    const value = read(answer.trim())
    if (value !== undefined) return value
    context.warn(`Expected numbers of the list, got "${answer.trim()}".`)
  }
}
