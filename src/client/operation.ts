import type { Call } from '../runtime/transport/context.ts'
import { type PathParams, pathFiller } from '../runtime/transport/path.ts'

/** What the client has to know of an operation, from the rules that are generated from PostHog's schema. */
export interface Operation {
  readonly method: string
  /** Path with `{names}` for its parameters. */
  readonly template: string
  /** Fills the template; see `pathFiller`. */
  readonly fill: (params: PathParams) => string | undefined
  /** What is the same in each of its calls. */
  readonly call: Call
  /** Takes a form and not JSON. */
  readonly form: boolean
  /** PostHog is about to remove it. */
  readonly deprecated: boolean
}

/** What the rules say of an operation. */
export interface Rules
  extends Pick<Operation, 'form' | 'deprecated'>,
    Pick<Call, 'replay' | 'throttle' | 'runsQuery' | 'underEnvironments'> {}

/** More than PostHog has; a program that writes ids into templates would fill it otherwise. */
const most = 2_000
const known = new Map<string, Operation>()

/** What many programs call and nothing else: the tables are loaded for others. A test holds it against them. */
const query = /^POST \/api\/projects\/\{project_id\}\/(?:query|endpoints\/\{name\}\/run)\/$/
const queryRules: Rules = {
  replay: 'safe',
  throttle: 'query',
  runsQuery: true,
  underEnvironments: false,
  form: false,
  deprecated: false,
}

/** Looks an operation up, the second time from memory: the rules are tables of hundreds of lines. */
export function operationOf(method: string, template: string): Operation | Promise<Operation> {
  const name = `${method} ${template}`
  const found = known.get(name)
  if (found !== undefined) return found
  const keep = (operation: Operation): Operation => {
    if (known.size >= most) known.clear()
    known.set(name, operation)
    return operation
  }
  if (query.test(name)) return keep(makeOperation(method, template, queryRules))
  return import('./read-operation.ts').then(({ readOperation }) => keep(readOperation(method, template)))
}

/** An operation with its rules. */
export function makeOperation(
  method: string,
  template: string,
  { form, deprecated, ...rules }: Rules,
): Operation {
  return {
    method,
    template,
    fill: pathFiller(template),
    call: {
      operation: `${method} ${template}`,
      public: !template.startsWith('/api/'),
      ...rules,
      body: 'buffer',
    },
    form,
    deprecated,
  }
}
