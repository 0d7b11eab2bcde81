import type {
  EndpointsConfig,
  ProjectConfig,
  ProjectNameKind,
  QueriesConfig,
  SchemaConfig,
  TypehogConfig,
} from '../../shared/typehog-config.ts'
import { configDefaults } from './defaults.ts'

/** A text, checked by a pattern. Paths are relative to the file until it is loaded. */
interface TextField {
  readonly type: 'text'
  readonly path?: boolean
  readonly pattern: RegExp
  /** What the pattern matches, after "Expected". */
  readonly expected: string
  readonly default?: string
}

interface CountField {
  readonly type: 'positive'
  readonly default?: number
}

interface BooleanField {
  readonly type: 'boolean'
  readonly default?: boolean
}

/** A list of at least one text. */
interface ListField {
  readonly type: 'list'
  readonly path?: boolean
  /** Allowed items; any text without choices. */
  readonly choices?: readonly string[]
  readonly default?: readonly string[]
}

/** An object with these keys and no others. All of them are optional. */
export interface ObjectField<Key extends string = string> {
  readonly type: 'object'
  readonly fields: Readonly<Record<Key, Field>>
}

/** A value of the configuration file. Validation and the JSON schema both read it. */
export type Field = { readonly description: string } & (
  | TextField
  | CountField
  | BooleanField
  | ListField
  | ObjectField
)

type FieldsOf<Section> = Readonly<Record<keyof Section & string, Field>>

/** Module files have the extension of TypeScript, and contain code: declaration files cannot. */
const moduleFile = (file: string): Field => ({
  type: 'text',
  path: true,
  pattern: /^(?!.*\.d\.[cm]?ts$).*\.[cm]?ts$/,
  expected: `the path of a TypeScript file, such as ${file}`,
  default: file,
  description: 'Generated module, relative to this file.',
})

const endpoints: FieldsOf<EndpointsConfig> = {
  module: moduleFile(configDefaults.endpoints.module),
  names: { type: 'list', description: 'Endpoints of the module. Default: all active endpoints.' },
  includeInactive: {
    type: 'boolean',
    default: false,
    description: 'Whether the module includes inactive endpoints.',
  },
  files: {
    type: 'list',
    path: true,
    description: 'Endpoint files, and folders of them, that `endpoints push` and `diff` read.',
  },
  registry: { type: 'boolean', description: 'Whether the module also types `endpoints.run` by name.' },
}

const queries: FieldsOf<QueriesConfig> = {
  files: {
    type: 'list',
    path: true,
    default: configDefaults.queries.files,
    description: 'Files with HogQL queries, as glob patterns.',
  },
  module: moduleFile(configDefaults.queries.module),
  source: {
    type: 'list',
    path: true,
    description: 'TypeScript files whose `hogql` literals `check` reads, as glob patterns. Default: none.',
  },
}

const projectNames: Readonly<Record<ProjectNameKind, true>> = {
  events: true,
  featureFlags: true,
  cohorts: true,
  groups: true,
  variables: true,
}

const project: FieldsOf<ProjectConfig> = {
  module: moduleFile(configDefaults.project.module),
  include: {
    type: 'list',
    choices: Object.keys(projectNames),
    description: 'Kinds of names in the module. Default: all.',
  },
  maxEvents: {
    type: 'positive',
    default: configDefaults.project.maxEvents,
    description: 'Number of events whose properties are in the module.',
  },
  strictNames: {
    type: 'boolean',
    default: false,
    description: 'Whether unknown names are compiler errors.',
  },
}

const schema: FieldsOf<SchemaConfig> = { module: moduleFile(configDefaults.schema.module) }

const fields: FieldsOf<TypehogConfig> = {
  $schema: {
    type: 'text',
    pattern: /./,
    expected: 'the path of a JSON schema',
    description: 'JSON schema of this file, for editors.',
  },
  host: {
    type: 'text',
    pattern: /^https?:\/\/[^\s?#@]+$/,
    expected: 'a URL such as https://eu.posthog.com',
    description: 'URL of PostHog. Default: https://us.posthog.com.',
  },
  projectId: {
    type: 'positive',
    description: 'ID of the project: the number in the URL of the app, /project/<number>.',
  },
  endpoints: { type: 'object', fields: endpoints, description: 'Endpoints of the project.' },
  queries: { type: 'object', fields: queries, description: 'HogQL queries in files.' },
  project: {
    type: 'object',
    fields: project,
    description: 'Names of the project: events, feature flags, cohorts, groups and variables.',
  },
  schema: {
    type: 'object',
    fields: schema,
    description: 'Operations of your own PostHog server. Needs the package @hey-api/openapi-ts.',
  },
}

/** The configuration file. */
export const configField: Field & ObjectField<keyof TypehogConfig> = {
  type: 'object',
  fields,
  description: 'Configuration of the command `typehog`.',
}
