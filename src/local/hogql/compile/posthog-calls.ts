import { HogqlError, NotLocalError } from '../../../hogql/hogql-error.ts'
import { parseHogqlExpression } from '../../../hogql/parse/parse.ts'
import type { Call } from '../../../hogql/parse/tree.ts'
import { findIn } from '../functions/find-function.ts'
import { countError, unknownFunction } from '../functions/function-errors.ts'
import { POSTHOG_FUNCTIONS } from '../functions/posthog-functions.ts'
import { compileChannelLookup } from './channel-calls.ts'
import type { Compiler, Expansion } from './context.ts'
import { expand } from './placeholders.ts'
import { constantKey, type Scope } from './scope.ts'
import type { Sql } from './sql.ts'

/** Compiles a call of one of PostHog's own functions. */
export function compilePosthogFunction(compiler: Compiler, node: Call, scope: Scope): Sql {
  const { name, args } = node
  const found = findIn(POSTHOG_FUNCTIONS, name)
  if (found === undefined) throw new HogqlError(unknownFunction(name), node)
  const message = countError(name, found, { arguments: args.length, parameters: node.params?.length })
  if (message !== undefined) throw new HogqlError(message, node)
  const [first] = args
  const channel =
    first === undefined ? undefined : compileChannelLookup(name, compiler.expression(first, scope))
  if (channel !== undefined) return channel
  if (found.notLocal !== undefined) throw new NotLocalError(`the function ${name}: ${found.notLocal}`, node)
  const template = found.hogql?.[args.length]
  if (template !== undefined) {
    const values = args.map((item) => compiler.expression(item, scope))
    return scope.withTemplate(values, () => compiler.expression(parseHogqlExpression(template), scope))
  }
  if (name === 'matchesAction') return compileAction(compiler, node, scope)
  if (name === 'getSurveyResponse') return expand(compiler, surveyResponse(node), node, scope)
  if (name === 'uniqueSurveySubmissionsFilter') return expand(compiler, surveySubmissions(node), node, scope)
  throw new NotLocalError(`the function ${name}`, node)
}

function compileAction(compiler: Compiler, node: Call, scope: Scope): Sql {
  const key = constantKey(node.args[0])
  if (key === undefined) throw new HogqlError('action() takes exactly one integer or string argument', node)
  const condition = compiler.options.action(key)
  if (condition !== undefined) return expand(compiler, condition, node, scope)
  throw new HogqlError(
    typeof key === 'number'
      ? `Could not find an action with ID ${key}`
      : `Could not find an action with the name "${key}"`,
    node,
  )
}

/** The answer to a question, by the id of the question first, then by its index. */
function surveyResponse({ args }: Call): Expansion {
  const [index, id, multiple] = args.map((item) => (item.node === 'Constant' ? item.value : undefined))
  const key = Number(index ?? 0) === 0 ? '$survey_response' : `$survey_response_${String(index)}`
  const keys = typeof id === 'string' && id !== '' ? [`$survey_response_${id}`, key] : [key]
  const names = keys.map((_, at) => `{key${at}}`)
  const values = new Map<string, unknown>(keys.map((text, at) => [`key${at}`, text]))
  const texts = names.map((name) => `nullIf(JSONExtractString(properties, ${name}), '')`)
  if (multiple !== true) {
    return {
      kind: 'hogql',
      text: texts.length === 1 ? String(texts[0]) : `coalesce(${texts.join(', ')})`,
      values,
    }
  }
  const lists = names.map((name) => `JSONExtractArrayRaw(properties, ${name})`)
  const [first, second] = lists
  return {
    kind: 'hogql',
    text: second === undefined ? String(first) : `if(notEmpty(${first}), ${first}, ${second})`,
    values,
  }
}

function surveySubmissions({ args }: Call): Expansion {
  const [survey, from, to] = args.map((item) => (item.node === 'Constant' ? item.value : undefined))
  const values = new Map<string, unknown>([
    ['survey', survey],
    ['from', from],
    ['to', to],
  ])
  const range = [
    from === undefined ? '' : ' AND timestamp >= {from}',
    to === undefined ? '' : ' AND timestamp <= {to}',
  ]
  const text =
    "uuid IN (SELECT argMax(uuid, timestamp) FROM events WHERE event = 'survey sent' " +
    `AND properties.$survey_id = {survey}${range.join('')} ` +
    "GROUP BY if(ifNull(properties.$survey_submission_id, '') = '', toString(uuid), properties.$survey_submission_id))"
  return { kind: 'hogql', text, values }
}
