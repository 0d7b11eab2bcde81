import { invalid, notFound } from '../../http/api-error.ts'
import { isObject, jsonResponse } from '../../http/json.ts'
import { numberedPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import {
  codeName,
  findByCodeName,
  type InsightVariable,
  VARIABLE_TYPES,
  type VariableType,
} from './insight-variable.ts'

/** The project's SQL variables. */
export const insightVariableRoutes: readonly Route[] = [
  {
    path: 'projects/:project/insight_variables',
    throttle: 'default',
    methods: {
      GET: { scope: 'insight_variable:read', handle: list },
      POST: { scope: 'insight_variable:write', handle: create },
    },
  },
  {
    path: 'projects/:project/insight_variables/:id',
    throttle: 'default',
    methods: {
      GET: { scope: 'insight_variable:read', handle: (call) => jsonResponse(200, find(call)) },
      PUT: { scope: 'insight_variable:write', handle: update },
      PATCH: { scope: 'insight_variable:write', handle: update },
      DELETE: { scope: 'insight_variable:write', handle: remove },
    },
  },
]

function list({ world, url }: Call): Response {
  const page = numberedPage([...world.variables.values()], url, world.pageSize)
  if (page === undefined) throw notFound('Invalid page.')
  return jsonResponse(200, page)
}

function find({ world, params }: Call): InsightVariable {
  const variable = world.variables.get(params['id'] ?? '')
  if (variable === undefined) throw notFound()
  return variable
}

async function create({ world, body }: Call): Promise<Response> {
  const given = isObject(body) ? body : {}
  const name = readName(given, undefined)
  const code = codeName(name)
  if (findByCodeName(world.variables, code) !== undefined) {
    throw invalid('code_name', 'Variable with this code name already exists', 'unique')
  }
  const variable: InsightVariable = {
    id: crypto.randomUUID(),
    name,
    type: readType(given, undefined),
    default_value: given['default_value'] ?? null,
    created_by: USER.id,
    created_at: world.now().toISOString(),
    code_name: code,
    values: readValues(given, null),
  }
  world.variables.set(variable.id, variable)
  await world.persist()
  return jsonResponse(201, variable)
}

async function update(call: Call): Promise<Response> {
  const before = find(call)
  const given = isObject(call.body) ? call.body : {}
  const full = call.request.method === 'PUT'
  // The code name follows the name given at creation: saved queries use it.
  const variable: InsightVariable = {
    ...before,
    name: readName(given, full ? undefined : before.name),
    type: readType(given, full ? undefined : before.type),
    default_value: 'default_value' in given ? given['default_value'] : before.default_value,
    values: readValues(given, before.values),
  }
  call.world.variables.set(variable.id, variable)
  await call.world.persist()
  return jsonResponse(200, variable)
}

async function remove(call: Call): Promise<Response> {
  call.world.variables.delete(find(call).id)
  await call.world.persist()
  return new Response(null, { status: 204 })
}

function readName(given: Record<string, unknown>, fallback: string | undefined): string {
  const name = given['name'] ?? fallback
  if (name === undefined) throw invalid('name', 'This field is required.', 'required')
  if (typeof name !== 'string') throw invalid('name', 'Not a valid string.', 'invalid_input')
  if (name.trim() === '' || codeName(name) === '')
    throw invalid('name', 'This field may not be blank.', 'blank')
  return name.trim()
}

function readType(given: Record<string, unknown>, fallback: VariableType | undefined): VariableType {
  const type = given['type'] ?? fallback
  if (type === undefined) throw invalid('type', 'This field is required.', 'required')
  const known = VARIABLE_TYPES.find((candidate) => candidate === type)
  if (known === undefined) throw invalid('type', `"${String(type)}" is not a valid choice.`, 'invalid_choice')
  return known
}

function readValues(
  given: Record<string, unknown>,
  fallback: readonly unknown[] | null,
): readonly unknown[] | null {
  const values = given['values']
  if (values === undefined) return fallback
  if (values === null || Array.isArray(values)) return values
  throw invalid('values', 'Expected a list of items.')
}
