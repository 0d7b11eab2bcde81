import { HogqlError } from '../../hogql/hogql-error.ts'
import { placeholderName, walk } from '../../hogql/inspect.ts'
import { parseHogqlQuery } from '../../hogql/parse/parse.ts'
import { closestName } from '../../shared/did-you-mean.ts'
import { endpointName } from '../../shared/endpoint-definition.ts'
import { isObject } from '../../shared/is-object.ts'
import { type EndpointFile, hogqlOf, type PathStep } from './endpoint-file.ts'
import { type FileProblem, type Place, renderPlace } from './file-problem.ts'

/** Routes of PostHog's API that endpoints of the same name cannot have. */
const reservedNames = ['last_execution_times', 'materialization_conditions', 'bulk_update_tags']

/** Checks everything about endpoints that needs no server: names, the HogQL, and its variables in both directions. */
export function checkDefinitions(files: readonly EndpointFile[]): FileProblem[] {
  return [...duplicateNames(files), ...files.flatMap((file) => [...checkName(file), ...checkQuery(file)])]
}

function duplicateNames(files: readonly EndpointFile[]): FileProblem[] {
  const first = new Map<string, EndpointFile>()
  return files.flatMap((file) => {
    const { name } = file.definition
    const other = first.get(name)
    if (other === undefined) {
      first.set(name, file)
      return []
    }
    const message = `The endpoint "${name}" is also in ${renderPlace(other.at(['name']))}.`
    return [{ place: file.at(['name']), message, fix: 'Rename or remove one of them.' }]
  })
}

function checkName({ definition: { name }, at }: EndpointFile): FileProblem[] {
  if (reservedNames.includes(name)) {
    return [
      {
        place: at(['name']),
        message: `PostHog uses the name "${name}" itself.`,
        fix: 'Choose another name.',
      },
    ]
  }
  if (endpointName.test(name)) return []
  const fix = 'Start with a letter, and use at most 128 letters, digits, hyphens and underscores.'
  return [{ place: at(['name']), message: `"${name}" is not a valid name of an endpoint.`, fix }]
}

function checkQuery(file: EndpointFile): FileProblem[] {
  const { definition, at, atQuery } = file
  const text = hogqlOf(definition)
  if (definition.query.kind !== 'HogQLQuery') {
    if (definition.variables.length === 0) return []
    const message = `Only HogQL queries have variables, and this is a ${definition.query.kind}.`
    return [
      {
        place: at(['variables']),
        message,
        fix: 'Remove `variables`: breakdowns of the query are its variables.',
      },
    ]
  }
  if (text === undefined || text.trim() === '') {
    return [{ place: at(['query']), message: 'The query is empty.', fix: 'Write its HogQL.' }]
  }
  try {
    return checkPlaceholders(file, findPlaceholderPlaces(text, atQuery))
  } catch (error) {
    if (!(error instanceof HogqlError)) throw error
    const message = `The query is not valid HogQL: ${error.message.replace(/\.$/, '')}.`
    return [{ place: atQuery(error.start ?? 0), message, fix: 'Correct the query at this place.' }]
  }
}

interface PlaceholderPlace {
  /** Full name, such as `variables.country`. Undefined for an expression. */
  readonly name: string | undefined
  readonly place: Place
}

function findPlaceholderPlaces(text: string, at: (offset: number) => Place): PlaceholderPlace[] {
  const found: PlaceholderPlace[] = []
  const query = parseHogqlQuery(text)
  if (query.node === 'HogQLXTag') return found
  walk(query, (node) => {
    if (node.node === 'Placeholder') found.push({ name: placeholderName(node), place: at(node.start) })
  })
  return found
}

const prefix = 'variables.'

/** Compares the variables that the query uses with the declared ones. */
function checkPlaceholders(
  { definition: { variables, query }, at }: EndpointFile,
  placeholders: readonly PlaceholderPlace[],
): FileProblem[] {
  const declared = variables.map(({ name }) => name)
  const used = placeholders.flatMap(({ name }) =>
    name?.startsWith(prefix) ? [name.slice(prefix.length)] : [],
  )
  const values = isObject(query['values']) ? Object.keys(query['values']) : []
  const problems: FileProblem[] = []
  const undeclared = new Set<string>()
  for (const { name, place } of placeholders) {
    const root = name?.split('.')[0] ?? ''
    if (name === undefined || root === 'filters' || values.includes(name)) continue
    if (!name.startsWith(prefix)) {
      const message = `The placeholder {${name}} is not a variable.`
      problems.push({
        place,
        message,
        fix: `Write {${prefix}${name}}, and declare ${name} in \`variables\`.`,
      })
      continue
    }
    const variable = name.slice(prefix.length)
    if (declared.includes(variable) || undeclared.has(variable)) continue
    undeclared.add(variable)
    const closest = closestName(variable, declared)
    problems.push({
      place,
      message: `The query uses the variable "${variable}", which is not declared.`,
      fix:
        closest === undefined
          ? `Add it to \`variables\` with its name and type.`
          : `Did you mean "${closest}"?`,
    })
  }
  for (const [index, name] of declared.entries()) {
    if (used.includes(name)) continue
    const path: PathStep[] = ['variables', index, 'name']
    const message = `The variable "${name}" is declared, but the query does not use it.`
    problems.push({ place: at(path), message, fix: `Remove it, or use {${prefix}${name}} in the query.` })
  }
  return problems
}
