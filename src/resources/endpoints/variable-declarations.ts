import {
  isPlainObject,
  type OptionCheck,
  oneOf,
  rejectUnknownOptions,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { placeholderNames } from '../../runtime/hogql/placeholders.ts'
import { closestName } from '../../shared/did-you-mean.ts'
import type { EndpointDefinition, EndpointVariableType } from '../../shared/endpoint-definition.ts'

/** Values of a variable, by its type. A date is text, such as `2026-01-31`, which the query converts. */
export interface EndpointVariableValues {
  readonly string: string
  readonly integer: number
  readonly number: number
  readonly boolean: boolean
  readonly date: string
  readonly array: readonly (string | number | boolean)[]
  readonly object: Readonly<Record<string, unknown>>
}

/**
 * Declaration of a variable of an endpoint: its type, and the value of a run without it.
 *
 * @example const limit: EndpointVariableDeclaration = { type: 'number', default: 10 }
 */
export type EndpointVariableDeclaration = {
  readonly [Type in EndpointVariableType]: {
    readonly type: Type
    /** Value of a run without the variable. Materialized endpoints ignore it. Default: none. */
    readonly default?: EndpointVariableValues[Type] | undefined
  }
}[EndpointVariableType]

/** Declarations by the name of the variable in `{variables.name}`. */
export type EndpointVariableDeclarations = Readonly<Record<string, EndpointVariableDeclaration>>

/**
 * Variables of runs of an endpoint with these declarations. A materialized endpoint requires all of them. Otherwise a
 * variable with a default is optional, and null becomes SQL NULL.
 */
export type DeclaredVariables<Declared, IsMaterialized extends boolean> = [keyof Declared] extends [never]
  ? Record<string, never>
  : IsMaterialized extends true
    ? { readonly [Name in keyof Declared]: ValueOf<Declared[Name]> }
    : Flat<
        { readonly [Name in WithoutDefault<Declared>]: ValueOf<Declared[Name]> | null } & {
          readonly [Name in Exclude<keyof Declared, WithoutDefault<Declared>>]?: ValueOf<
            Declared[Name]
          > | null
        }
      >

type ValueOf<Declaration> = Declaration extends { readonly type: infer Type extends EndpointVariableType }
  ? EndpointVariableValues[Type]
  : never

type WithoutDefault<Declared> = {
  [Name in keyof Declared]: Declared[Name] extends { readonly default: infer Value }
    ? undefined extends Value
      ? Name
      : never
    : Name
}[keyof Declared]

/** One object type, which editors show with its fields. */
type Flat<Type> = { [Name in keyof Type]: Type[Name] }

const isString = (value: unknown): boolean => typeof value === 'string'
const isScalar = (value: unknown): boolean =>
  isString(value) || typeof value === 'boolean' || Number.isFinite(value)

/** Checks of default values. */
const defaultChecks: Readonly<Record<EndpointVariableType, OptionCheck>> = {
  string: { accepts: isString, expected: 'a string' },
  integer: { accepts: Number.isSafeInteger, expected: 'an integer' },
  number: { accepts: Number.isFinite, expected: 'a finite number' },
  boolean: { accepts: (value) => typeof value === 'boolean', expected: 'true or false' },
  date: {
    accepts: (value) => isString(value) && value !== '',
    expected: 'a date as text, such as "2026-01-31"',
  },
  array: {
    accepts: (value) => Array.isArray(value) && value.every(isScalar),
    expected: 'an array of strings, numbers or booleans',
  },
  object: { accepts: isPlainObject, expected: 'an object' },
}
const typeCheck: OptionCheck = oneOf(...Object.keys(defaultChecks))

/** PostHog makes code names of variables lower case. Source: PostHog/posthog posthog/api/insight_variable.py */
const codeName = /^[a-z_][a-z0-9_]*$/

/**
 * Reads declarations of variables.
 *
 * @param endpoint name of the endpoint, for errors
 * @throws ConfigurationError for an invalid name, an unknown type and a default value of another type
 */
export function readDeclarations(endpoint: string, declared: unknown): EndpointDefinition['variables'] {
  if (!isPlainObject(declared)) {
    throw unexpected(
      `\`variables\` of endpoint "${endpoint}"`,
      declared,
      'an object of declarations',
      declarationFix,
    )
  }
  return Object.entries(declared).map(([name, declaration]) => {
    const subject = `The variable "${name}" of endpoint "${endpoint}"`
    if (!codeName.test(name)) {
      throw new ConfigurationError({
        message: `${subject} has an invalid name; expected lower-case letters, digits and _, not first a digit.`,
        fix: 'Rename it in `variables` and in the query: PostHog writes the names of variables in lower case.',
      })
    }
    if (!isPlainObject(declaration)) throw unexpected(subject, declaration, 'a declaration', declarationFix)
    rejectUnknownOptions(`variables.${name}`, declaration, { type: true, default: true })
    const { type, default: value } = declaration
    if (!isVariableType(type))
      throw unexpected(
        `The type of ${lowerFirst(subject)}`,
        type,
        typeCheck.expected,
        `Write one of these types: ${typeCheck.expected}.`,
      )
    if (value === undefined) return { name, type }
    const { accepts, expected } = defaultChecks[type]
    if (!accepts(value)) {
      const fix = `Pass ${expected} as the default of a variable of type "${type}", change the type, or remove the default.`
      throw unexpected(`The default of ${lowerFirst(subject)}`, value, expected, fix)
    }
    return { name, type, default: value }
  })
}

const declarationFix = "Write, for example, `variables: { since: { type: 'date' } }`."

function isVariableType(type: unknown): type is EndpointVariableType {
  return typeCheck.accepts(type)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/**
 * Compares the variables that a query uses with those that are declared.
 *
 * @throws ConfigurationError for a variable that is only used or only declared, and for any other placeholder
 */
export function assertVariablesMatch(endpoint: string, query: string, declared: readonly string[]): void {
  const used = placeholderNames(query).map((placeholder) => {
    const [, name] = /^variables\.(\w+)$/.exec(placeholder) ?? []
    if (name !== undefined) return name
    const fix = declared.includes(placeholder)
      ? `Write {variables.${placeholder}}.`
      : 'Write {variables.name} and declare the variable in `variables`.'
    throw mismatch(
      `The query of endpoint "${endpoint}" has the placeholder {${placeholder}}; expected only variables.`,
      fix,
    )
  })
  const list = declared.length === 0 ? 'no variables' : `only ${declared.join(', ')}`
  for (const name of used) {
    if (declared.includes(name)) continue
    const near = closestName(name, declared)
    throw mismatch(
      `The query of endpoint "${endpoint}" uses {variables.${name}}, but \`variables\` declares ${list}.`,
      near === undefined
        ? `Add \`${name}: { type: 'string' }\` with its type to \`variables\`, or remove it from the query.`
        : `Did you mean {variables.${near}}? Otherwise declare \`${name}\` in \`variables\`.`,
    )
  }
  for (const name of declared) {
    if (used.includes(name)) continue
    throw mismatch(
      `\`variables\` of endpoint "${endpoint}" declares ${name}, but the query has no {variables.${name}}.`,
      `Use {variables.${name}} in the query, or remove \`${name}\` from \`variables\`.`,
    )
  }
}

function mismatch(message: string, fix: string): ConfigurationError {
  return new ConfigurationError({ message, fix })
}
